/**
 * The store's header: all that is needed, besides the passphrase, to unlock it.
 *
 *     schema 1 | vault id 16 | memory 4 | passes 4 | lanes 4 | salt 16 ║ nonce 12 | wrapped data key 48
 *
 * Numbers are big-endian. Everything before the double line is sealed into the wrapped key as associated
 * data, so no byte of the header can be changed unnoticed. A new passphrase means one new header.
 */
import {
  deriveWrappingKey,
  isAcceptableCost,
  type KdfCost,
  randomBytes,
  Sealer,
  unwrapDataKey,
  wrapNewDataKey,
} from "./sealing.ts";

/** What the store writes now; a part of every record's associated data. */
export const SCHEMA = 1;

const VAULT_ID = { start: 1, end: 17 };
const COST_START = VAULT_ID.end;
const SALT = { start: COST_START + 12, end: COST_START + 28 };
const CONTEXT_BYTES = SALT.end;
const HEADER_BYTES = CONTEXT_BYTES + 12 + 48;

/** An unlocked store: what seals its records, and the random id that ties them to it. */
export interface Vault {
  /** 16 random bytes, as base64. */
  id: string;
  /** Seals and opens with the store's data key. */
  sealer: Sealer;
}

/** The header of a new store, and the store it unlocks: with a data key of its own. */
export async function createHeader(
  secret: Uint8Array<ArrayBuffer>,
  cost: KdfCost,
): Promise<{ header: Uint8Array<ArrayBuffer>; vault: Vault }> {
  const header = new Uint8Array(HEADER_BYTES);
  header[0] = SCHEMA;
  header.set(randomBytes(VAULT_ID.end - VAULT_ID.start), VAULT_ID.start);
  writeCost(header, cost);
  header.set(randomBytes(SALT.end - SALT.start), SALT.start);
  const wrappingKey = await deriveWrappingKey(secret, { salt: saltOf(header), cost });
  header.set(await wrapNewDataKey(wrappingKey, contextOf(header)), CONTEXT_BYTES);
  const vault = await unwrapVault(header, wrappingKey);
  // deno-coverage-ignore
  if (vault === undefined) throw new Error("Bug: a new header does not open with its own key");
  return { header, vault };
}

/**
 * Unlocks a store; `undefined` if the passphrase is wrong or the header damaged, which cannot be told apart.
 *
 * A cost outside the limits is not worked off: it is damage like any other.
 */
export async function unlockHeader(
  header: unknown,
  secret: Uint8Array<ArrayBuffer>,
): Promise<Vault | undefined> {
  if (!isHeader(header)) return undefined;
  const cost = readCost(header);
  if (!isAcceptableCost(cost)) return undefined;
  return await unwrapVault(
    header,
    await deriveWrappingKey(secret, { salt: saltOf(header), cost }),
  );
}

async function unwrapVault(
  header: Uint8Array<ArrayBuffer>,
  wrappingKey: CryptoKey,
): Promise<Vault | undefined> {
  const wrapped = header.subarray(CONTEXT_BYTES);
  const dataKey = await unwrapDataKey(wrapped, { wrappingKey, context: contextOf(header) });
  const id = header.subarray(VAULT_ID.start, VAULT_ID.end).toBase64();
  return dataKey && { id, sealer: new Sealer(dataKey) };
}

function isHeader(value: unknown): value is Uint8Array<ArrayBuffer> {
  return value instanceof Uint8Array && value.length === HEADER_BYTES && value[0] === SCHEMA;
}

function writeCost(header: Uint8Array<ArrayBuffer>, cost: KdfCost): void {
  const view = new DataView(header.buffer, header.byteOffset + COST_START);
  view.setUint32(0, cost.memoryKiB);
  view.setUint32(4, cost.passes);
  view.setUint32(8, cost.parallelism);
}

function readCost(header: Uint8Array<ArrayBuffer>): KdfCost {
  const view = new DataView(header.buffer, header.byteOffset + COST_START);
  return {
    memoryKiB: view.getUint32(0),
    passes: view.getUint32(4),
    parallelism: view.getUint32(8),
  };
}

function saltOf(header: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return header.subarray(SALT.start, SALT.end);
}

function contextOf(header: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return header.subarray(0, CONTEXT_BYTES);
}
