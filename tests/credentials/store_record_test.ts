import { assert, assertEquals, assertRejects } from "@std/assert";
import { Identity } from "../../src/credentials/identity.ts";
import { LEAST_COST } from "../../src/credentials/sealing.ts";
import { createHeader, type Vault } from "../../src/credentials/store_header.ts";
import {
  type CredentialEntry,
  openEntry,
  openIdentity,
  recordVersion,
  sealRecord,
} from "../../src/credentials/store_record.ts";
import { CredentialError } from "../../src/errors.ts";

const ADDRESS = { host: "hub.example", deviceId: "sensor-1" };
const ENTRY: CredentialEntry = {
  ...ADDRESS,
  subject: "CN=sensor-1",
  issuer: "CN=Test CA",
  notBefore: new Date("2026-01-01T00:00:00Z"),
  notAfter: new Date("2027-01-01T00:00:00Z"),
  keyType: "EC P-256",
  thumbprintSha1: "00".repeat(20),
  thumbprintSha256: "11".repeat(32),
  addedAt: new Date("2026-06-01T12:00:00Z"),
};
const IDENTITY = Identity.from({
  certificateChain: [new Uint8Array(200).fill(1)],
  privateKey: new Uint8Array(100).fill(2),
});
const VAULT = await newVault();

async function newVault(): Promise<Vault> {
  return (await createHeader(new Uint8Array([1]), LEAST_COST)).vault;
}

function seal(changes: { entry?: Partial<CredentialEntry>; version?: number } = {}) {
  const { entry = {}, version = 1 } = changes;
  return sealRecord(VAULT, { entry: { ...ENTRY, ...entry }, identity: IDENTITY, version });
}

/** The sealed entry and the sealed identity within a record. */
function split(record: Uint8Array): { head: Uint8Array; identity: Uint8Array } {
  const end = 9 + new DataView(record.buffer).getUint32(5);
  return { head: record.subarray(0, end), identity: record.subarray(end) };
}

Deno.test("openEntry() and openIdentity() return what sealRecord() took", async () => {
  const stored = { ...ADDRESS, value: await seal({ version: 7 }) };
  assertEquals(await openEntry(VAULT, stored), ENTRY);
  const identity = await openIdentity(VAULT, stored);
  assert(identity);
  assertEquals(identity.privateKey, IDENTITY.privateKey);
  assertEquals(identity.certificateChain, IDENTITY.certificateChain);
  assertEquals(recordVersion(stored.value), 7);
});

Deno.test("sealRecord() leaves nothing of entry or key to be read", async () => {
  const text = new TextDecoder("latin1").decode(await seal());
  for (const clear of ["sensor-1", "Test CA", "EC P-256", "2026", "\u0002\u0002\u0002\u0002"]) {
    assertEquals(text.includes(clear), false);
  }
});

Deno.test("S3 a record does not open at another host, device or store", async () => {
  const value = await seal();
  const places = [{ host: "hub.example.org" }, { deviceId: "sensor-2" }];
  for (const place of places) {
    const moved = { ...ADDRESS, ...place, value };
    assertEquals(await openEntry(VAULT, moved), undefined);
    assertEquals(await openIdentity(VAULT, moved), undefined);
  }
  for (const other of [await newVault(), { ...VAULT, id: "another" }]) {
    assertEquals(await openEntry(other, { ...ADDRESS, value }), undefined);
    assertEquals(await openIdentity(other, { ...ADDRESS, value }), undefined);
  }
});

Deno.test("S3 a record does not open under another version", async () => {
  const value = await seal();
  new DataView(value.buffer).setUint32(1, 2);
  assertEquals(await openEntry(VAULT, { ...ADDRESS, value }), undefined);
  assertEquals(await openIdentity(VAULT, { ...ADDRESS, value }), undefined);
});

Deno.test("S3 the identity of one record does not open behind the entry of another", async () => {
  const [one, other] = [split(await seal()), split(await seal())];
  const value = new Uint8Array([...one.head, ...other.identity]);
  assertEquals(await openEntry(VAULT, { ...ADDRESS, value }), ENTRY);
  assertEquals(await openIdentity(VAULT, { ...ADDRESS, value }), undefined);
});

Deno.test("S3 entry and identity cannot take each other's place", async () => {
  const { head, identity } = split(await seal());
  const value = new Uint8Array([...head.subarray(0, 9), ...identity, ...head.subarray(9)]);
  new DataView(value.buffer).setUint32(5, identity.length);
  assertEquals(await openEntry(VAULT, { ...ADDRESS, value }), undefined);
});

Deno.test("openEntry() and openIdentity() answer undefined for a record with any byte changed or cut off", async () => {
  const record = await seal();
  for (let i = 0; i < record.length; i++) {
    const value = record.slice();
    value[i] = (value[i] ?? 0) ^ 0x40;
    assertEquals(await openIdentity(VAULT, { ...ADDRESS, value }), undefined);
    assertEquals(
      await openIdentity(VAULT, { ...ADDRESS, value: record.slice(0, i) }),
      undefined,
    );
  }
});

Deno.test("openEntry() and openIdentity() answer undefined for what is no record", async () => {
  for (const value of [null, 1, "record", {}, new Uint8Array(0), new Uint8Array(9)]) {
    assertEquals(await openEntry(VAULT, { ...ADDRESS, value }), undefined);
    assertEquals(await openIdentity(VAULT, { ...ADDRESS, value }), undefined);
  }
  assertEquals(recordVersion("record"), undefined);
});

Deno.test("S7 sealRecord() refuses more than 48 KB, and takes what is just below", async () => {
  const withChain = (length: number) =>
    sealRecord(VAULT, {
      entry: ENTRY,
      identity: Identity.from({
        certificateChain: [new Uint8Array(length)],
        privateKey: IDENTITY.privateKey,
      }),
      version: 1,
    });
  assert((await withChain(48_000)).length <= 48 * 1024);
  const error = await assertRejects(() => withChain(50_000), CredentialError);
  assertEquals(error.code, "CREDENTIAL_LIMIT");
  assertEquals(error.why, "its certificate chain is too large (50 KB > 48)");
});
