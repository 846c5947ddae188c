import { type CredentialCode, CredentialError } from "../errors.ts";
import { certificateMatchesKey, readCertificate } from "./certificate.ts";
import { importSigningKey, issueCertificate, type Issuer } from "./certificate_issuing.ts";
import { alternativeName, assertCommonName, assertDeviceId } from "./certificate_name_rules.ts";
import type { Profile } from "./certificate_profiles.ts";
import { chooseValidity } from "./certificate_validity.ts";
import type { Identity } from "./identity.ts";

const authorityDays = 3650;
const leafDays = 365;

/** What a new root authority is to be. */
export interface AuthorityOptions {
  /** Its name; `Hubwire Root CA` unless given. At most 64 characters. */
  commonName?: string;
  /** For how many days it is valid; ten years unless given. */
  validDays?: number;
  /** From when it is valid; from five minutes ago unless given, for clocks differ. */
  notBefore?: Date;
}

/** For how long a certificate is to be valid. */
export interface IssueOptions {
  /** In days; a year unless given, ten for an authority. Not together with `notAfter`. */
  validDays?: number;
  /** From when it is valid; from five minutes ago unless given, for clocks differ. */
  notBefore?: Date;
  /** The last moment at which it is valid. It may be later than the authority's own. */
  notAfter?: Date;
}

/** What a server's certificate is to say. */
export interface IssueServerOptions extends IssueOptions {
  /** Further host names and IP addresses of the server. */
  alternativeNames?: string[];
}

/**
 * Issues certificates: for devices, for servers, and for authorities below it.
 *
 * All keys it makes are EC P-256, all signatures SHA-256, all certificates X.509 version 3 with random serial numbers of
 * 128 bits. Its own key can be of any kind that Deno's TLS takes. The X.509 library is loaded on first use.
 *
 * @example A root, an intermediate and a device
 * ```ts
 * import { CertificateAuthority, verifyChain } from "@hubwire/hubwire/credentials";
 *
 * const root = await CertificateAuthority.create({ commonName: "Contoso Root" });
 * const plant = await root.issueIntermediate("Contoso Plant 7");
 * const device = await plant.issueDevice("sensor-1", { validDays: 30 });
 * verifyChain(device.certificateChain, { authorities: [root.certificate], now: new Date() });
 * ```
 */
export class CertificateAuthority {
  /** Its certificate and chain, and its private key: whoever has it can issue in its name. Redacted when inspected. */
  readonly identity: Identity;
  /** Its own certificate, as DER. */
  readonly certificate: Uint8Array;
  readonly #issuer: Issuer;

  private constructor(issuer: Issuer) {
    this.#issuer = issuer;
    this.identity = issuer.identity;
    this.certificate = issuer.certificate;
  }

  /**
   * Makes a new root authority with a new key.
   *
   * @throws {RangeError} If the name is empty or has more than 64 characters, or the dates make no sense.
   */
  static async create(options: AuthorityOptions = {}): Promise<CertificateAuthority> {
    const { commonName = "Hubwire Root CA", ...dates } = options;
    assertCommonName(commonName);
    const validity = chooseValidity(dates, authorityDays);
    const profile: Profile = { use: "authority" };
    return CertificateAuthority.load(await issueCertificate({ commonName, profile, ...validity }));
  }

  /**
   * Takes up an authority that exists: its key, its certificate and those above it.
   *
   * @throws {CredentialError} If there is no certificate (`CREDENTIAL_INCOMPLETE`), if it is not an authority's
   * (`CREDENTIAL_FORMAT`), or if the key is not its own (`CREDENTIAL_KEY_MISMATCH`).
   */
  static async load(identity: Identity): Promise<CertificateAuthority> {
    const [certificate] = identity.certificateChain;
    if (certificate === undefined) throw unusable("CREDENTIAL_INCOMPLETE", "it has no certificate");
    const { isAuthority, subject } = readCertificate(certificate);
    if (!isAuthority) {
      throw unusable("CREDENTIAL_FORMAT", `${subject} is not an authority (it lacks CA:TRUE)`);
    }
    if (!certificateMatchesKey(certificate, identity.privateKey)) {
      throw unusable("CREDENTIAL_KEY_MISMATCH", `the key does not belong to ${subject}`);
    }
    const signingKey = await importSigningKey(identity.privateKey);
    return new CertificateAuthority({ identity, certificate, signingKey });
  }

  /**
   * Issues a device's certificate: its common name is the device id, and it is good for nothing but a TLS client.
   *
   * The chain that comes with it ends below the root, as IoT Hub wants it.
   *
   * @throws {RangeError} If IoT Hub would not take the id, or if it has more than 64 characters: X.520 ends a common
   * name there, though device ids may be twice as long. Also if the dates make no sense.
   */
  async issueDevice(deviceId: string, options: IssueOptions = {}): Promise<Identity> {
    assertDeviceId(deviceId);
    return await this.#issue(deviceId, { use: "device" }, options);
  }

  /**
   * Issues a server's certificate, for a host name or an IP address and any further ones.
   *
   * @throws {RangeError} If one of the names is neither, or the dates make no sense.
   */
  async issueServer(hostname: string, options: IssueServerOptions = {}): Promise<Identity> {
    const { alternativeNames = [], ...dates } = options;
    const names = [hostname, ...alternativeNames];
    names.forEach(alternativeName);
    // Clients look at the alternative names only; the common name is for people, and has to be short.
    return await this.#issue(hostname.slice(0, 64), { use: "server", names }, dates);
  }

  /**
   * Makes an authority below this one, with a new key. Its certificate goes out with those that it issues.
   *
   * @throws {RangeError} If the name is empty or has more than 64 characters, or the dates make no sense.
   */
  async issueIntermediate(
    commonName: string,
    options: IssueOptions = {},
  ): Promise<CertificateAuthority> {
    assertCommonName(commonName);
    return CertificateAuthority.load(
      await this.#issue(commonName, { use: "authority" }, options),
    );
  }

  #issue(commonName: string, profile: Profile, options: IssueOptions): Promise<Identity> {
    const days = profile.use === "authority" ? authorityDays : leafDays;
    const validity = chooseValidity(options, days);
    return issueCertificate({ commonName, profile, ...validity }, this.#issuer);
  }
}

function unusable(code: CredentialCode, why: string): CredentialError {
  return new CredentialError(code, {
    what: "Cannot issue certificates",
    why,
    remedy: "Load an authority's own certificate and key.",
  });
}
