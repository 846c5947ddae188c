/**
 * Which credential a connection is made with: that of `--cert` and `--key`, else the one that the store
 * holds for the host.
 */

import { type Identity, readCertificate } from "../credentials/mod.ts";
import type { CredentialsProvider } from "../transport/mod.ts";
import type { CREDENTIAL_FLAGS } from "./connection_flags.ts";
import type { Flags } from "./flags.ts";
import type { Io } from "./io.ts";
import { readPemCredential } from "./pem_credential.ts";
import { pickAny, pickDevice, type Wanted } from "./pick_credential.ts";
import { checkCertificate } from "./preflight.ts";
import { findExistingStore, findStore, openStore, type StorePlace } from "./store_access.ts";

type CredentialFlags = Flags<keyof typeof CREDENTIAL_FLAGS>;

/** A credential to connect with. */
export interface ChosenCredential extends Disposable {
  /** Asked at every connect; refuses a certificate that the server would refuse. */
  provider: CredentialsProvider;
  /** The device that it is for, as the certificate or the store says. */
  deviceId: string;
}

/** The credential of a hub's device; its certificate has to name the device. */
export async function hubCredential(
  flags: CredentialFlags,
  io: Io,
  { wanted }: { wanted: Wanted },
): Promise<ChosenCredential> {
  const identity = await readPemCredential(flags, io);
  if (identity) {
    const deviceId = wanted.deviceId ?? nameOf(identity);
    return {
      deviceId,
      provider: ofIdentity(identity, { deviceId, flags, io }),
      ...NOTHING_TO_CLOSE,
    };
  }
  const place = await findStore(flags, io);
  return await fromStore(flags, io, { place, wanted, pick: pickDevice, isForDevice: true });
}

/** The credential for any broker; `undefined` if there is none and none was asked for. */
export async function brokerCredential(
  flags: CredentialFlags,
  io: Io,
  { wanted }: { wanted: Wanted },
): Promise<ChosenCredential | undefined> {
  const identity = await readPemCredential(flags, io);
  if (identity) {
    const provider = ofIdentity(identity, { flags, io });
    return { deviceId: nameOf(identity), provider, ...NOTHING_TO_CLOSE };
  }
  const place = await findExistingStore(flags, io);
  return place && await fromStore(flags, io, { place, wanted, pick: pickAny, isForDevice: false });
}

const NOTHING_TO_CLOSE: Disposable = { [Symbol.dispose]() {} };

interface Choice {
  place: StorePlace;
  wanted: Wanted;
  pick: (deviceIds: string[], wanted: Wanted) => string;
  isForDevice: boolean;
}

async function fromStore(
  flags: CredentialFlags,
  io: Io,
  { place, wanted, pick, isForDevice }: Choice,
): Promise<ChosenCredential> {
  using resources = new DisposableStack();
  const store = await openStore(flags, io, { place, create: false });
  resources.defer(() => store.close());
  const { host, port } = wanted;
  const entries = await Array.fromAsync(store.list());
  const ofHost = entries.filter((entry) => entry.host === host);
  const deviceId = pick(ofHost.map((entry) => entry.deviceId), wanted);
  const ask = store.forHost(host, { port });
  const expected = isForDevice ? { deviceId } : {};
  const opened = resources.move();
  return {
    deviceId,
    provider: async (request) => {
      const identity = await ask({ ...request, deviceId });
      return checked(identity, { ...expected, flags, io });
    },
    [Symbol.dispose]: () => opened.dispose(),
  };
}

interface Check {
  deviceId?: string;
  flags: CredentialFlags;
  io: Io;
}

function ofIdentity(identity: Identity, check: Check): CredentialsProvider {
  return () => checked(identity, check);
}

function checked(identity: Identity, { flags, io, ...expected }: Check): Identity {
  const ignoreExpiry = flags.has("ignore-expiry");
  checkCertificate(leafOf(identity), { ...expected, now: io.now(), ignoreExpiry });
  return identity;
}

function nameOf(identity: Identity): string {
  const { commonName, subject } = readCertificate(leafOf(identity));
  return commonName ?? subject;
}

function leafOf({ certificateChain: [leaf] }: Identity): Uint8Array {
  if (leaf === undefined) throw new Error("Bug: an identity that was read has a certificate");
  return leaf;
}
