import { posix } from "node:path";
import { isUnder } from "../is_under.ts";
import { repositoryPath } from "./repository_path.ts";
import { type Room, ROOMS } from "./rooms.ts";

/** Who may import whom: static imports, re-exports, imported types and dynamic imports of a literal. */
export const roomImports: Deno.lint.Rule = {
  create(context) {
    const file = repositoryPath(context.filename);
    const room = ROOMS.find(({ path }) => isUnder(file, path));
    const check = (node: Deno.lint.Node, source: Deno.lint.Node | null) => {
      if (room === undefined || source?.type !== "Literal") return;
      const message = refusal(file, room, String(source.value));
      if (message !== undefined) context.report({ node, message, hint: HINT });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source),
      ExportNamedDeclaration: (node) => check(node, node.source),
      ExportAllDeclaration: (node) => check(node, node.source),
      ImportExpression: (node) => check(node, node.source),
      TSImportType: (node) => check(node, literalOf(node.argument)),
    };
  },
};

const HINT = "The table is in tools/lint/rooms.ts; it changes by a decision in docs/adr/ only.";

/** A computed import hides what a room depends on; the door needs one so that importing it loads no program. */
export const computedImport: Deno.lint.Rule = {
  create(context) {
    const file = repositoryPath(context.filename);
    if (!isUnder(file, "src/")) return {};
    return {
      ImportExpression(node) {
        if (node.source.type === "Literal") return;
        context.report({
          node,
          message: "A computed import hides from the import table what it loads",
          hint: "Import a literal. Only the root mod.ts computes one, for the program behind it.",
        });
      },
    };
  },
};

/** Doors pass names on and hold nothing themselves. */
export const door: Deno.lint.Rule = {
  create(context) {
    const file = repositoryPath(context.filename);
    if (!isDoor(file)) return {};
    return {
      Program({ body }) {
        for (const statement of body) {
          if (isReExport(statement)) continue;
          if (file === "mod.ts" && isMainBlock(statement, context)) continue;
          context.report({
            node: statement,
            message: "A door only re-exports",
            hint: "Move this to a file of its own and re-export it from here.",
          });
        }
      },
    };
  },
};

function refusal(file: string, room: Room, specifier: string): string | undefined {
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(file), specifier);
    if (room.imports.some((path) => isUnder(target, path))) return undefined;
    return `${room.path} may not import ${target}`;
  }
  const name = packageName(specifier);
  const every = name.startsWith("node:") ? "node:*" : name;
  if (room.packages.includes(name) || room.packages.includes(every)) return undefined;
  return `${room.path} may not import the package ${name}`;
}

/** The literal of a literal type, as it stands in `import("./x.ts").X`. */
function literalOf(type: Deno.lint.Node): Deno.lint.Node | null {
  return type.type === "TSLiteralType" ? type.literal : null;
}

/** `npm:aedes@1.2.0` is aedes, `@std/cli/parse-args` is `@std/cli`. */
function packageName(specifier: string): string {
  const bare = specifier.replace(/^(npm|jsr):\/?/, "");
  return /^(?:@[^/]+\/[^/@]+|node:[^/@]+|[^/@]+)/.exec(bare)?.[0] ?? bare;
}

function isDoor(file: string): boolean {
  return file === "mod.ts" || file === "src/mqtt.ts" || /^src\/(.*\/)?mod\.ts$/.test(file);
}

function isReExport(node: Deno.lint.Node): boolean {
  return node.type === "ExportAllDeclaration" ||
    node.type === "ExportNamedDeclaration" && node.source !== null;
}

function isMainBlock(node: Deno.lint.Node, { sourceCode }: Deno.lint.RuleContext): boolean {
  return node.type === "IfStatement" && sourceCode.getText(node.test) === "import.meta.main";
}
