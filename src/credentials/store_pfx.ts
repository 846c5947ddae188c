import { CredentialError } from "../errors.ts";
import { readBoundedFile } from "./bounded_file.ts";
import { readCertificate } from "./certificate.ts";
import type { Identity } from "./identity.ts";
import { readPfx } from "./read_pfx.ts";

const LIMIT_BYTES = 1024 * 1024;

/** A PFX, by its bytes or its path, and the password it was made with. */
export interface ProtectedPfx {
  pfx: Uint8Array | string;
  password: string;
}

/** Lends the one identity of a PFX to `use`; afterwards every key that was in the file is zeros. */
export async function useIdentity<T>(
  source: ProtectedPfx,
  use: (identity: Identity, warnings: string[]) => Promise<T>,
): Promise<T> {
  const { pfx, password } = source;
  const name = typeof pfx === "string" ? pfx : "the PFX";
  const bytes = typeof pfx === "string" ? await readFile(pfx) : pfx;
  const { identities, unmatchedKeys, warnings } = await readPfx(bytes, password);
  try {
    const [only, ...others] = identities;
    if (only === undefined) throw incomplete(name, unmatchedKeys.length > 0);
    if (others.length > 0) throw ambiguous(name, identities);
    return await use(only, warnings);
  } finally {
    for (const key of [...identities.map((each) => each.privateKey), ...unmatchedKeys]) key.fill(0);
  }
}

async function readFile(path: string): Promise<Uint8Array> {
  const read = await readBoundedFile(path, LIMIT_BYTES);
  if (read instanceof Uint8Array) return read;
  const codes = {
    "missing": "CREDENTIAL_NOT_FOUND",
    "too large": "CREDENTIAL_LIMIT",
    "unfit": "CREDENTIAL_FORMAT",
  } as const;
  throw new CredentialError(codes[read.problem], {
    what: `Cannot read ${path}`,
    why: read.why,
    remedy: "Name the PFX file of the device.",
  });
}

function incomplete(name: string, hasKey: boolean): CredentialError {
  return new CredentialError("CREDENTIAL_INCOMPLETE", {
    what: `Cannot use ${name}`,
    why: hasKey
      ? "it holds no certificate that belongs to its private key"
      : "it holds no private key",
    remedy: "Export it again with the device's certificate and its private key.",
  });
}

function ambiguous(name: string, identities: Identity[]): CredentialError {
  const aliases = identities.map(({ alias, certificateChain: [leaf] }) =>
    alias ?? (leaf && readCertificate(leaf).commonName) ?? "(no name)"
  );
  return new CredentialError("CREDENTIAL_AMBIGUOUS", {
    what: `Cannot choose a credential from ${name}`,
    why: `it holds several: ${aliases.join(", ")}`,
    remedy: "Export a PFX with the one that is meant.",
  });
}
