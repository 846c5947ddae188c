import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import { Identity } from "../../src/credentials/identity.ts";
import { LEAST_COST } from "../../src/credentials/sealing.ts";
import { StoreDatabase } from "../../src/credentials/store_database.ts";
import { DamagedRecordsError } from "../../src/credentials/store_errors.ts";
import { createHeader } from "../../src/credentials/store_header.ts";
import { type CredentialAddress, credentialKey } from "../../src/credentials/store_keys.ts";
import { type CredentialEntry, recordVersion } from "../../src/credentials/store_record.ts";
import { CredentialTable } from "../../src/credentials/store_table.ts";
import { StoreError } from "../../src/errors.ts";
import { tempFolder } from "../_kit/temp.ts";

const A = { host: "a.example", deviceId: "sensor-1" };
const A2 = { host: "a.example", deviceId: "sensor-2" };
const B = { host: "b.example", deviceId: "sensor-1" };
const { vault } = await createHeader(new Uint8Array([1]), LEAST_COST);

function identity(seed: number): Identity {
  return Identity.from({
    certificateChain: [new Uint8Array(50).fill(seed)],
    privateKey: new Uint8Array(40).fill(seed),
  });
}

function entry(address: CredentialAddress): CredentialEntry {
  const [notBefore, notAfter, addedAt] = [2026, 2027, 2026].map((year) =>
    new Date(`${year}-01-01`)
  );
  if (!notBefore || !notAfter || !addedAt) throw new Error("Bug: three dates");
  const names = { subject: `CN=${address.deviceId}`, issuer: "CN=CA", keyType: "EC P-256" };
  const thumbprints = { thumbprintSha1: "00", thumbprintSha256: "11" };
  return { ...address, ...names, ...thumbprints, notBefore, notAfter, addedAt };
}

/** Runs an action on a table of its own, and on the database below it. */
async function withTable(action: (table: CredentialTable, database: StoreDatabase) => unknown) {
  await using folder = await tempFolder();
  const path = folder.file("store.db");
  using database = await StoreDatabase.open({ path, deadlineMs: 5000 });
  await action(new CredentialTable({ database, vault }, path), database);
}

Deno.test("CredentialTable finds what was put, by host and device", () =>
  withTable(async (table) => {
    for (const [seed, address] of [A, A2, B].entries()) {
      assert(await table.put(entry(address), identity(seed)));
    }
    const found = await table.find(A2);
    assertEquals([found?.host, found?.deviceId, found?.addedAt], [
      ...Object.values(A2),
      entry(A2).addedAt,
    ]);
    assertEquals(found?.identity.privateKey, identity(1).privateKey);
    assertEquals(await table.find({ ...A, deviceId: "sensor-3" }), undefined);
    const ofHost = await Array.fromAsync(table.ofHost("a.example"));
    assertEquals(ofHost.map(({ deviceId }) => deviceId), ["sensor-1", "sensor-2"]);
    assertEquals(await Array.fromAsync(table.ofHost("c.example")), []);
    assertEquals(await Array.fromAsync(table.entries()), [A, A2, B].map(entry));
    assertEquals(await table.deviceIds("a.example", 10), ["sensor-1", "sensor-2"]);
    assertEquals(await table.deviceIds("a.example", 1), ["sensor-1"]);
  }));

Deno.test("CredentialTable.entry() is what a list shows of one", () =>
  withTable(async (table) => {
    await table.put(entry(A), identity(1));
    assertEquals([await table.entry(A), await table.entry(B)], [entry(A), undefined]);
  }));

Deno.test("CredentialTable.put() of the same credential changes nothing, of another replaces it", () =>
  withTable(async (table, database) => {
    const stored = async () => await database.read(credentialKey(A));
    assert(await table.put(entry(A), identity(1)));
    const first = await stored();
    assertFalse(await table.put({ ...entry(A), addedAt: new Date() }, identity(1)));
    assertEquals((await stored()).versionstamp, first.versionstamp);
    assert(await table.put(entry(A), identity(2)));
    assertEquals((await table.find(A))?.identity.privateKey, identity(2).privateKey);
    assertEquals([first.value, (await stored()).value].map(recordVersion), [1, 2]);
  }));

Deno.test("CredentialTable.put() loses nothing when two put at the same time", () =>
  withTable(async (table, database) => {
    const seeds = [1, 2, 3, 4, 5];
    const added = await Promise.all(seeds.map((seed) => table.put(entry(A), identity(seed))));
    assertEquals(added, seeds.map(() => true));
    assertEquals(recordVersion((await database.read(credentialKey(A))).value), 5);
  }));

Deno.test("CredentialTable.remove() removes one, and says whether there was one", () =>
  withTable(async (table) => {
    await table.put(entry(A), identity(1));
    await table.put(entry(B), identity(1));
    assert(await table.remove(A));
    assertFalse(await table.remove(A));
    assertEquals(await Array.fromAsync(table.entries()), [entry(B)]);
  }));

Deno.test("S3 CredentialTable names the host and device of a record that was moved there", () =>
  withTable(async (table, database) => {
    await table.put(entry(A), identity(1));
    const { value } = await database.read(credentialKey(A));
    await database.commit((operation) => operation.set(credentialKey(B), value));
    const attempts = [
      () => table.find(B),
      () => table.entry(B),
      () => Array.fromAsync(table.ofHost(B.host)),
      () => Array.fromAsync(table.entries()),
      () => table.put(entry(B), identity(1)),
    ];
    for (const attempt of attempts) {
      const error = await assertRejects(attempt, StoreError);
      assertEquals([error.code, error.what], [
        "STORE_DAMAGED",
        "Cannot use the credential of device sensor-1 for host b.example",
      ]);
    }
    assertEquals((await table.find(A))?.identity.privateKey, identity(1).privateKey);
    assert(await table.remove(B));
    assert(await table.put(entry(B), identity(1)));
  }));

Deno.test("S3 CredentialTable does all with the others that it does without a damaged record", () =>
  withTable(async (table, database) => {
    await table.put(entry(A), identity(1));
    const { value } = await database.read(credentialKey(A));
    await database.commit((operation) => operation.set(credentialKey(A2), value));
    await table.put(entry(B), identity(2));
    const seen: CredentialEntry[] = [];
    const list = async () => {
      for await (const each of table.entries()) seen.push(each);
    };
    const { records } = await assertRejects(list, DamagedRecordsError);
    assertEquals([seen, records], [[entry(A), entry(B)], [A2]]);
    assertEquals(await table.deviceIds(A.host), ["sensor-1", "sensor-2"]);
    assertEquals((await table.find(A))?.identity.privateKey, identity(1).privateKey);
  }));

Deno.test("CredentialTable says that a record has a key which is none", () =>
  withTable(async (table, database) => {
    await database.commit((operation) => operation.set(["hubwire", "credential", 1, "x"], 1));
    const error = await assertRejects(() => Array.fromAsync(table.entries()), StoreError);
    assertEquals(error.code, "STORE_DAMAGED");
  }));
