/**
 * One credential as it stands in the database: two sealed parts.
 *
 *     format 1 | version 4 | length of the entry 4 | sealed entry | sealed identity
 *
 * The entry is what a list shows, the identity holds the private key: listing a store never opens a key.
 * Each part is bound to the store, its schema, the host, the device id and the version; the identity
 * to its entry as well. So neither part can be moved, alone or together, without failing to open.
 */
import { CredentialError } from "../errors.ts";
import type { Identity } from "./identity.ts";
import { SEAL_BYTES } from "./sealing.ts";
import { SCHEMA, type Vault } from "./store_header.ts";
import { decodeIdentity, encodeIdentity, identityLength } from "./store_identity.ts";
import type { CredentialAddress } from "./store_keys.ts";

/** What a list shows of a credential: everything but its key. */
export interface CredentialEntry extends CredentialAddress {
  /** Whom the certificate is for, as a distinguished name. */
  subject: string;
  /** Who issued it. */
  issuer: string;
  /** Valid from. */
  notBefore: Date;
  /** Valid to. */
  notAfter: Date;
  /** The kind of key, such as `EC P-256`. */
  keyType: string;
  /** SHA-1 of the certificate, as IoT Hub writes it. */
  thumbprintSha1: string;
  /** SHA-256 of the certificate, as IoT Hub writes it. */
  thumbprintSha256: string;
  /** When it came into the store. */
  addedAt: Date;
}

const FORMAT = 1;
const PREFIX_BYTES = 9;
const LIMIT_BYTES = 48 * 1024;

/** A record taken apart, both parts still sealed. */
interface SealedParts {
  version: number;
  entry: Uint8Array<ArrayBuffer>;
  identity: Uint8Array<ArrayBuffer>;
}

/** @throws {CredentialError} `CREDENTIAL_LIMIT` if their record would be larger than the database takes. */
export function refuseTooLarge(entry: CredentialEntry, identity: Identity): void {
  const sealed = encodeEntry(entry).length + identityLength(identity) + 2 * SEAL_BYTES;
  if (PREFIX_BYTES + sealed > LIMIT_BYTES) throw tooLarge(PREFIX_BYTES + sealed);
}

/** @throws {CredentialError} `CREDENTIAL_LIMIT`. */
export async function sealRecord(
  vault: Vault,
  content: { entry: CredentialEntry; identity: Identity; version: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const { entry, version } = content;
  refuseTooLarge(entry, content.identity);
  const entryContext = contextOf(vault, { ...entry, version });
  const sealedEntry = await vault.sealer.seal(encodeEntry(entry), entryContext);
  const plain = encodeIdentity(content.identity);
  try {
    const context = contextOf(vault, { ...entry, version, after: sealedEntry });
    const identity = await vault.sealer.seal(plain, context);
    return encodeRecord({ version, entry: sealedEntry, identity });
  } finally {
    plain.fill(0);
  }
}

/** The version of a record; `undefined` if it is damaged. Not to be trusted before a part was opened. */
export function recordVersion(value: unknown): number | undefined {
  return decodeRecord(value)?.version;
}

/** What a list shows of a record, without opening its key; `undefined` if it is damaged or moved. */
export async function openEntry(
  vault: Vault,
  stored: CredentialAddress & { value: unknown },
): Promise<CredentialEntry | undefined> {
  const record = decodeRecord(stored.value);
  if (record === undefined) return undefined;
  const context = contextOf(vault, { ...stored, version: record.version });
  const plain = await vault.sealer.open(record.entry, context);
  return plain && decodeEntry(plain, stored);
}

/** The identity in a record; `undefined` if it is damaged or moved. */
export async function openIdentity(
  vault: Vault,
  stored: CredentialAddress & { value: unknown },
): Promise<Identity | undefined> {
  const record = decodeRecord(stored.value);
  if (record === undefined) return undefined;
  const context = contextOf(vault, { ...stored, version: record.version, after: record.entry });
  const plain = await vault.sealer.open(record.identity, context);
  if (plain === undefined) return undefined;
  try {
    return decodeIdentity(plain);
  } finally {
    plain.fill(0);
  }
}

/** JSON keeps the fields apart; it holds no zero byte, so what follows one cannot be taken for a field. */
function contextOf(
  vault: Vault,
  place: CredentialAddress & { version: number; after?: Uint8Array },
): Uint8Array<ArrayBuffer> {
  const part = place.after === undefined ? "entry" : "identity";
  const fields = [vault.id, SCHEMA, place.host, place.deviceId, place.version, part];
  const head = new TextEncoder().encode(JSON.stringify(fields));
  const context = new Uint8Array(head.length + 1 + (place.after?.length ?? 0));
  context.set(head);
  context.set(place.after ?? [], head.length + 1);
  return context;
}

function encodeRecord(record: SealedParts): Uint8Array<ArrayBuffer> {
  const { version, entry, identity } = record;
  const bytes = new Uint8Array(PREFIX_BYTES + entry.length + identity.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FORMAT);
  view.setUint32(1, version);
  view.setUint32(5, entry.length);
  bytes.set(entry, PREFIX_BYTES);
  bytes.set(identity, PREFIX_BYTES + entry.length);
  return bytes;
}

function decodeRecord(value: unknown): SealedParts | undefined {
  if (!(value instanceof Uint8Array) || value.length < PREFIX_BYTES) return undefined;
  const bytes = value as Uint8Array<ArrayBuffer>;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const end = PREFIX_BYTES + view.getUint32(5);
  if (view.getUint8(0) !== FORMAT || end > bytes.length) return undefined;
  return {
    version: view.getUint32(1),
    entry: bytes.subarray(PREFIX_BYTES, end),
    identity: bytes.subarray(end),
  };
}

function tooLarge(length: number): CredentialError {
  return new CredentialError("CREDENTIAL_LIMIT", {
    what: "Cannot store the credential",
    why: `its certificate chain is too large (${Math.ceil(length / 1024)} KB > 48)`,
    remedy: "Leave out the certificates that the hub does not need, such as the root.",
  });
}

function encodeEntry(entry: CredentialEntry): Uint8Array<ArrayBuffer> {
  const { host: _host, deviceId: _deviceId, ...rest } = entry;
  return new TextEncoder().encode(JSON.stringify(rest));
}

function decodeEntry(plain: Uint8Array, address: CredentialAddress): CredentialEntry {
  const { host, deviceId } = address;
  const rest = JSON.parse(new TextDecoder().decode(plain));
  const [notBefore, notAfter, addedAt] = [rest.notBefore, rest.notAfter, rest.addedAt]
    .map((text) => new Date(text));
  return { host, deviceId, ...rest, notBefore, notAfter, addedAt };
}
