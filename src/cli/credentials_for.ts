/**
 * Which credential a connection is made with: that of `--cert` and `--key`, else the one that the store
 * holds for the host.
 */

import type { Identity } from "../credentials/mod.ts";
import type { CredentialsProvider } from "../transport/mod.ts";
import type { CREDENTIAL_FLAGS } from "./connection_flags.ts";
import type { Flags } from "./flags.ts";
import type { Io } from "./io.ts";
import { readPemCredential } from "./pem_credential.ts";
import { pickAny, pickDevice, type Wanted } from "./pick_credential.ts";
import { checkCertificate, deviceNamedBy, refuseDeviceId } from "./preflight.ts";
import { findExistingStore, findStore, openStore, type StorePlace } from "./store_access.ts";

type CredentialFlags = Flags<keyof typeof CREDENTIAL_FLAGS>;

/** A credential to connect with. */
export interface ChosenCredential extends Disposable {
  /** Asked at every connect; refuses a certificate that the server would refuse. */
  provider: CredentialsProvider;
}

/** The credential of a hub's device. */
export interface DeviceCredential extends ChosenCredential {
  /** The device that it is for, as the certificate or the store says; one that a hub can have. */
  deviceId: string;
}

/** The credential of a hub's device; its certificate has to name the device. */
export async function hubCredential(
  flags: CredentialFlags,
  io: Io,
  { wanted }: { wanted: Wanted },
): Promise<DeviceCredential> {
  const identity = await readPemCredential(flags, io);
  if (identity) {
    const deviceId = wanted.deviceId ?? deviceNamedBy(leafOf(identity));
    refuseDeviceId(deviceId);
    const provider = ofIdentity(identity, { deviceId, flags, io });
    return { deviceId, provider, ...NOTHING_TO_CLOSE };
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
    return { provider: ofIdentity(identity, { flags, io }), ...NOTHING_TO_CLOSE };
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
): Promise<DeviceCredential> {
  using resources = new DisposableStack();
  const store = await openStore(flags, io, { place, create: false });
  resources.defer(() => store.close());
  const { host, port } = wanted;
  const deviceId = pick(await store.deviceIds(host), wanted);
  if (isForDevice) refuseDeviceId(deviceId);
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

function leafOf({ certificateChain: [leaf] }: Identity): Uint8Array {
  if (leaf === undefined) throw new Error("Bug: an identity that was read has a certificate");
  return leaf;
}
