import { type CredentialCode, CredentialError } from "../errors.ts";

/** Runs a reading of credentials; if it fails, the error says in which file. */
export async function namingFile<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof CredentialError) || error.what.includes(path)) throw error;
    const { code, what, why, remedy } = error;
    // The class has no other codes.
    throw new CredentialError(code as CredentialCode, {
      what: `${path}: ${what}`,
      why,
      remedy,
      cause: error,
    });
  }
}
