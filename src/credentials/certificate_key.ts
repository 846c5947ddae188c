import { type Element, parseWhole, Tag } from "./der.ts";
import { expectOid, Fields } from "./der_values.ts";

const rsaEncryption = "1.2.840.113549.1.1.1";
const ecPublicKey = "1.2.840.10045.2.1";

const curves = new Map([
  ["1.2.840.10045.3.1.7", "P-256"],
  ["1.3.132.0.34", "P-384"],
  ["1.3.132.0.35", "P-521"],
  ["1.3.132.0.10", "secp256k1"],
]);

const others = new Map([
  ["1.3.101.112", "Ed25519"],
  ["1.3.101.113", "Ed448"],
  ["1.2.840.113549.1.1.10", "RSA-PSS"],
]);

/** Names the kind of a SubjectPublicKeyInfo: `EC P-256`, `RSA 2048`, `Ed25519`; an unknown one by its identifier. */
export function describePublicKey(info: Element): string {
  const fields = new Fields(info);
  const algorithm = new Fields(fields.take());
  const id = expectOid(algorithm.take());
  const bits = fields.takeTag(Tag.bitString);
  if (id === rsaEncryption) return `RSA ${modulusBits(bits)}`;
  if (id !== ecPublicKey) return others.get(id) ?? id;
  const curve = algorithm.takeOptional(Tag.oid);
  if (curve === undefined) return "EC with parameters of its own";
  const curveId = expectOid(curve);
  return `EC ${curves.get(curveId) ?? curveId}`;
}

function modulusBits(bits: Element): number {
  // The first byte counts unused bits, of which a key has none.
  const key = new Fields(parseWhole(bits.content.subarray(1), bits.contentOffset + 1));
  const modulus = key.takeTag(Tag.integer).content;
  const first = modulus.findIndex((byte) => byte !== 0);
  if (first < 0) return 0;
  return (modulus.length - first) * 8 - Math.clz32(modulus[first] ?? 0) + 24;
}
