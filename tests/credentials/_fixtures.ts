/** The files of `fixtures/`, which `fixtures/make.sh` makes with OpenSSL. */
import { parsePem } from "../../src/credentials/pem.ts";

/** The password of every fixture that says no other in `make.sh`. */
export const password = "secret";

/** A PKCS#12 file. */
export function pfx(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(`./fixtures/pfx/${name}.pfx`, import.meta.url));
}

/** A PEM file, as text. */
export function pem(name: string): string {
  return Deno.readTextFileSync(new URL(`./fixtures/pem/${name}.pem`, import.meta.url));
}

/** The only block of a PEM file. */
export function der(name: string): Uint8Array {
  const [block] = parsePem(pem(name));
  if (block === undefined) throw new Error(`Bug: ${name}.pem is empty`);
  return block.der;
}

/** The private key of the certificate in `device.pem`, as PKCS#8. */
export function deviceKey(): Uint8Array {
  return der("key_pkcs8");
}
