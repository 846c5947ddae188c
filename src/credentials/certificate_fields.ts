import { contextTag, DerError, type Element, parseWhole, Tag } from "./der.ts";
import { expectCount, expectOctets, expectOid, Fields } from "./der_values.ts";
import { type DistinguishedName, readDistinguishedName } from "./certificate_name.ts";
import { readTime } from "./certificate_time.ts";
import { describePublicKey } from "./certificate_key.ts";

const derTrue = 0xff;
/** Bits of the key usage extension, numbered as in RFC 5280 section 4.2.1.3. */
const keyCertSignBit = 5;

/** What the parts of this folder need of a certificate; {@linkcode CertificateFacts} is what the world sees. */
export interface CertificateFields {
  version: number;
  serialNumber: string;
  issuer: DistinguishedName;
  subject: DistinguishedName;
  /** The names' DER: two names are the same if these are. */
  issuerDer: Uint8Array;
  subjectDer: Uint8Array;
  notBefore: Date;
  notAfter: Date;
  keyType: string;
  /** The SubjectPublicKeyInfo. */
  publicKeyDer: Uint8Array;
  /** What was signed, how, and the signature. */
  signedDer: Uint8Array;
  signatureAlgorithm: string;
  signature: Uint8Array;
  /** From basicConstraints; `false` where the extension is absent. */
  isAuthority: boolean;
  /** How many intermediates may follow, where that is limited. */
  pathLength?: number;
  /** Whether it may sign certificates: keyUsage says so, or is absent. */
  maySignCertificates: boolean;
  /** The object identifiers of the extensions that must be understood. */
  criticalExtensions: string[];
}

/** @throws {DerError} If the bytes are not a certificate of RFC 5280 section 4.1. */
export function parseCertificateFields(der: Uint8Array): CertificateFields {
  const certificate = new Fields(parseWhole(der));
  const signed = certificate.take();
  const algorithm = new Fields(certificate.take());
  const signature = certificate.takeTag(Tag.bitString);
  const fields = new Fields(signed);
  const version = readVersion(fields.takeOptional(contextTag(0)));
  const serial = fields.takeTag(Tag.integer);
  fields.takeTag(Tag.sequence);
  const issuer = fields.take();
  const validity = new Fields(fields.take());
  const subject = fields.take();
  const publicKey = fields.take();
  // issuerUniqueID and subjectUniqueID: nobody uses them.
  fields.takeOptional(0x81);
  fields.takeOptional(0x82);
  return {
    version,
    serialNumber: serial.content.toHex().replace(/^(?:00)+(?=..)/, ""),
    issuer: readDistinguishedName(issuer),
    subject: readDistinguishedName(subject),
    issuerDer: issuer.encoded,
    subjectDer: subject.encoded,
    notBefore: readTime(validity.take()),
    notAfter: readTime(validity.take()),
    keyType: describePublicKey(publicKey),
    publicKeyDer: publicKey.encoded,
    signedDer: signed.encoded,
    signatureAlgorithm: expectOid(algorithm.take()),
    // The first byte counts unused bits, of which a signature has none.
    signature: signature.content.subarray(1),
    ...readExtensions(fields.takeOptional(contextTag(3))),
  };
}

function readVersion(wrapper: Element | undefined): number {
  if (wrapper === undefined) return 1;
  const number = new Fields(wrapper, contextTag(0)).take();
  return expectCount(number) + 1;
}

type Extensions = Pick<
  CertificateFields,
  "isAuthority" | "pathLength" | "maySignCertificates" | "criticalExtensions"
>;

function readExtensions(wrapper: Element | undefined): Extensions {
  const facts: Extensions = {
    isAuthority: false,
    maySignCertificates: true,
    criticalExtensions: [],
  };
  if (wrapper === undefined) return facts;
  const list = new Fields(new Fields(wrapper, contextTag(3)).take());
  while (list.hasNext) {
    const extension = new Fields(list.take());
    const id = expectOid(extension.take());
    const critical = extension.takeOptional(Tag.boolean);
    if (critical !== undefined && critical.content[0] !== 0) facts.criticalExtensions.push(id);
    const value = extension.take();
    const content = expectOctets(value);
    if (id === "2.5.29.19") {
      Object.assign(facts, readBasicConstraints(content, value.contentOffset));
    }
    if (id === "2.5.29.15") facts.maySignCertificates = readKeyUsage(content, value.contentOffset);
  }
  return facts;
}

function readBasicConstraints(content: Uint8Array, offset: number): Partial<Extensions> {
  const fields = new Fields(parseWhole(content, offset));
  const authority = fields.takeOptional(Tag.boolean);
  const limit = fields.takeOptional(Tag.integer);
  return {
    isAuthority: authority?.content[0] === derTrue,
    ...(limit === undefined ? {} : { pathLength: expectCount(limit) }),
  };
}

function readKeyUsage(content: Uint8Array, offset: number): boolean {
  const bits = parseWhole(content, offset);
  if (bits.tag !== Tag.bitString) throw new DerError(offset, "keyUsage is not a BIT STRING");
  // The first byte counts the unused bits at the end; bit 0 is the highest of the second byte.
  return ((bits.content[1] ?? 0) & (0x80 >> keyCertSignBit)) !== 0;
}
