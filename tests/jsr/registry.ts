/**
 * A JSR registry on loopback, as far as `deno publish`, `import` and `deno run` need one: it takes
 * packages from whoever has its token and serves them again.
 */

import { readTar } from "./tar.ts";

/** One version of a package: what `deno.json` exports, and the files by their path (`/mod.ts`). */
interface Version {
  exports: Record<string, string>;
  files: Map<string, Uint8Array<ArrayBuffer>>;
}

/** The registry; disposing of it closes it. */
export class LoopbackRegistry implements AsyncDisposable {
  /** What to give to Deno as `JSR_URL`. */
  readonly url: string;
  /** Who publishes must have it. */
  readonly token: string = crypto.randomUUID();
  readonly #packages = new Map<string, Map<string, Version>>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      const { pathname } = new URL(request.url);
      return pathname.startsWith("/api/")
        ? this.#api(request, pathname.slice("/api/scopes/".length).split("/"))
        : this.#serve(pathname);
    });
    this.url = `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** The published versions: `@std/cli@1.0.30`. */
  get published(): string[] {
    return [...this.#packages].flatMap(([name, versions]) =>
      [...versions.keys()].map((version) => `${name}@${version}`)
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  /** `{scope}/packages/{name}` asks whether there is one; `…/versions/{version}` asks for it or brings it. */
  async #api(request: Request, path: string[]): Promise<Response> {
    const [scope, , name, , version] = path;
    const fullName = `@${scope}/${name}`;
    if (request.method === "GET" && version === undefined) return Response.json({ scope, name });
    if (request.method === "GET") return notFound();
    if (request.headers.get("authorization") !== `Bearer ${this.token}`) {
      return Response.json({ code: "unauthorized", message: "wrong token" }, { status: 401 });
    }
    await this.#publish(request, fullName, version ?? "");
    return Response.json({ id: crypto.randomUUID(), status: "success", error: null });
  }

  async #publish(request: Request, name: string, version: string): Promise<void> {
    const body = new Response(request.body?.pipeThrough(new DecompressionStream("gzip")));
    const files = readTar(await body.bytes());
    const config = JSON.parse(new TextDecoder().decode(files.get("/deno.json")));
    const exports = typeof config.exports === "string" ? { ".": config.exports } : config.exports;
    const versions = this.#packages.get(name) ?? new Map<string, Version>();
    this.#packages.set(name, versions.set(version, { exports, files }));
  }

  /** `/@scope/name/meta.json`, `/@scope/name/1.0.0_meta.json` and `/@scope/name/1.0.0/mod.ts`. */
  async #serve(pathname: string): Promise<Response> {
    const [, name = "", rest = ""] = /^\/(@[^/]+\/[^/]+)\/(.*)$/.exec(pathname) ?? [];
    const versions = this.#packages.get(name);
    if (versions === undefined) return notFound();
    if (rest === "meta.json") return Response.json(packageMeta(versions));
    const [, meta] = /^([^/]+)_meta\.json$/.exec(rest) ?? [];
    if (meta !== undefined) return Response.json(await versionMeta(versions.get(meta)));
    const slash = rest.indexOf("/");
    const file = versions.get(rest.slice(0, slash))?.files.get(rest.slice(slash));
    return file === undefined ? notFound() : new Response(file);
  }
}

function packageMeta(versions: Map<string, Version>) {
  return { versions: Object.fromEntries([...versions.keys()].map((version) => [version, {}])) };
}

async function versionMeta(version: Version | undefined) {
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const [path, bytes] of version?.files ?? []) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    manifest[path] = { size: bytes.length, checksum: `sha256-${digest.toHex()}` };
  }
  return { exports: version?.exports, manifest };
}

function notFound(): Response {
  return Response.json({ code: "notFound", message: "not here" }, { status: 404 });
}
