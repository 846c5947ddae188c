/** The flags that say where to connect to, and as whom. */

import type { FlagTable } from "./flags.ts";
import { STORE_FLAGS } from "./store_access.ts";

/** Where the server is. */
export const SERVER_FLAGS = {
  "host": { short: "h", alias: "hub", value: "HOST", about: "the server's name" },
  "port": { short: "p", value: "PORT", about: "its port; 8883 unless given" },
  "cafile": {
    value: "FILE",
    about: "PEM certificates of authorities to trust besides the well-known ones",
  },
  "keepalive": { short: "k", value: "SECONDS", about: "how often an idle connection is tested" },
  "connect-timeout": {
    value: "SECONDS",
    about: "how long each of TCP, TLS and CONNACK may take; 10 unless given",
  },
  "no-delay": { about: "send small packets at once, which connects 40 ms faster" },
  "proxy": {
    value: "URL",
    about: "go through http://host:port or socks5://host:port; name:password@ before the host",
  },
} as const satisfies FlagTable;

/** With which certificate. */
export const CREDENTIAL_FLAGS = {
  ...STORE_FLAGS,
  "cert": { value: "FILE", about: "a PEM certificate in place of the store's, with its issuers" },
  "key": { value: "FILE", about: "its PEM key" },
  "passphrase-file": { value: "FILE", about: "a file with the key's passphrase" },
  "ignore-expiry": { about: "try a certificate that is expired or not valid yet" },
} as const satisfies FlagTable;

/** What only brokers in general have. */
export const BROKER_FLAGS = {
  "id": {
    short: "i",
    value: "ID",
    about: "the client id, a random one unless given; also the device, if the store has several",
  },
  "username": { short: "u", value: "NAME", about: "the user name" },
  "password-file": { value: "FILE", about: "a file with the password" },
  "no-store": { about: "show no certificate, whatever is in the store" },
  "no-tls": { about: "plain TCP; the port is 1883 unless given" },
} as const satisfies FlagTable;

/** What only a hub has. */
export const DEVICE_FLAGS = {
  "device-id": {
    short: "i",
    alias: "id",
    value: "ID",
    about: "the device; needed if the store has several of this hub",
  },
} as const satisfies FlagTable;
