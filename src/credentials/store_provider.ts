import { CredentialError } from "../errors.ts";
import { normalizeHost } from "./host.ts";
import type { Identity } from "./identity.ts";
import { requireNetAccess } from "./permission.ts";
import type { CredentialAddress } from "./store_keys.ts";

/** What somebody who is about to connect asks for. */
export interface CredentialsRequest {
  /** The host that is dialled. */
  host: string;
  /** The port that is dialled. */
  port: number;
  /** Which device, where the host has several. */
  deviceId?: string;
  /** Gives up when it fires. */
  signal?: AbortSignal;
}

/** Answers with the identity to connect with; asked anew for every connection. */
export type CredentialsProvider = (request: CredentialsRequest) => Promise<Identity>;

/** The two questions that a provider asks of its store. */
export interface CredentialSource {
  /** The ids of the host's devices, at most `limit`. No key is opened for this. */
  deviceIds(host: string, limit: number): Promise<string[]>;
  /** The credential of one device. */
  find(address: CredentialAddress): Promise<{ identity: Identity } | undefined>;
}

/** How many device ids a message names. */
const NAMED_IDS = 10;

/** A provider that hands out the credentials of one host, to code that may reach that host anyway. */
export function createProvider(
  source: CredentialSource,
  scope: { host: string; port?: number },
): CredentialsProvider {
  return async (request) => {
    request.signal?.throwIfAborted();
    const { port = request.port } = scope;
    if (normalizeHost(request.host) !== scope.host || request.port !== port) {
      throw outOfScope(request, scope);
    }
    const what = `Cannot use a credential for ${scope.host}`;
    await requireNetAccess({ host: scope.host, port }, { what });
    const deviceId = request.deviceId ?? await onlyDevice(source, scope.host);
    const found = await source.find({ host: scope.host, deviceId });
    if (found === undefined) throw notFound(scope.host, deviceId);
    return found.identity;
  };
}

async function onlyDevice(source: CredentialSource, host: string): Promise<string> {
  const [first, ...others] = await source.deviceIds(host, NAMED_IDS + 1);
  if (first === undefined) throw notFound(host);
  if (others.length === 0) return first;
  const named = [first, ...others].slice(0, NAMED_IDS).join(", ");
  throw new CredentialError("CREDENTIAL_AMBIGUOUS", {
    what: `Cannot choose a credential for ${host}`,
    why: `it has several devices: ${named}${others.length < NAMED_IDS ? "" : ", …"}`,
    remedy: "Name the device id.",
  });
}

function notFound(host: string, deviceId?: string): CredentialError {
  const whose = deviceId === undefined ? "" : ` of device ${deviceId}`;
  return new CredentialError("CREDENTIAL_NOT_FOUND", {
    what: `Cannot find a credential${whose} for ${host}`,
    why: "the store holds none",
    remedy: "Add it to the store under that host.",
  });
}

function outOfScope(
  request: CredentialsRequest,
  scope: { host: string; port?: number },
): CredentialError {
  const port = scope.port === undefined ? "" : `:${scope.port}`;
  return new CredentialError("CREDENTIAL_NOT_FOUND", {
    what: `Cannot use a credential for ${request.host}:${request.port}`,
    why: `these credentials are for ${scope.host}${port} only`,
    remedy: "Ask the store for those of the host that is dialled.",
  });
}
