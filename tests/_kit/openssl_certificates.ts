import { requireTool, run } from "./processes.ts";
import type { TempFolder } from "./temp.ts";

/** What the openssl command line made: paths of PEM files and of a PFX. */
export interface OpensslCertificates {
  /** The authority. */
  root: string;
  /** A server on this machine, issued by it. */
  server: { cert: string; key: string };
  /** A device issued by an intermediate authority, and that authority's certificate. */
  device: { cert: string; key: string; intermediate: string; pfx: string };
}

/** The password of the PFX. */
export const PFX_PASSWORD = "low tide";

const KEY_OPTIONS = {
  "RSA-2048": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
  "P-256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
};

/** Makes root, intermediate, server and device certificates and a PFX as a user would, with the command line. */
export async function makeOpensslCertificates(
  folder: TempFolder,
  keyType: keyof typeof KEY_OPTIONS,
): Promise<OpensslCertificates> {
  const program = await requireTool("openssl", "openssl");
  const openssl = async (...args: string[]) => {
    const { code, stderr } = await run([program, ...args], { cwd: folder.path });
    if (code !== 0) throw new Error(`openssl ${args.join(" ")}\n${stderr}`);
  };
  const issue = async (name: string, issuer: string | undefined, extensions: string[]) => {
    await openssl("genpkey", ...KEY_OPTIONS[keyType], "-out", `${name}.key`);
    await folder.write(`${name}.ext`, extensions.join("\n"));
    await openssl(
      "req",
      "-new",
      "-key",
      `${name}.key`,
      "-subj",
      `/CN=${name}`,
      "-out",
      `${name}.csr`,
    );
    const signer = issuer
      ? ["-CA", `${issuer}.crt`, "-CAkey", `${issuer}.key`, "-CAcreateserial"]
      : ["-signkey", `${name}.key`];
    await openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      ...signer,
      "-days",
      "2",
      "-extfile",
      `${name}.ext`,
      "-out",
      `${name}.crt`,
    );
  };
  const authority = ["basicConstraints=critical,CA:true", "keyUsage=critical,keyCertSign,cRLSign"];
  await issue("root", undefined, authority);
  await issue("intermediate", "root", authority);
  await issue("localhost", "root", [
    "subjectAltName=DNS:localhost,IP:127.0.0.1",
    "extendedKeyUsage=serverAuth",
  ]);
  await issue("device-1", "intermediate", [
    "keyUsage=digitalSignature",
    "extendedKeyUsage=clientAuth",
  ]);
  await openssl(
    "pkcs12",
    "-export",
    "-out",
    "device.pfx",
    "-inkey",
    "device-1.key",
    "-in",
    "device-1.crt",
    "-certfile",
    "intermediate.crt",
    "-passout",
    `pass:${PFX_PASSWORD}`,
  );
  return {
    root: folder.file("root.crt"),
    server: { cert: folder.file("localhost.crt"), key: folder.file("localhost.key") },
    device: {
      cert: folder.file("device-1.crt"),
      key: folder.file("device-1.key"),
      intermediate: folder.file("intermediate.crt"),
      pfx: folder.file("device.pfx"),
    },
  };
}
