import type { Credentials, CredentialsProvider } from "./transport.ts";

/** Asks whoever gives the credentials; what is no provider is the answer itself. */
export async function askForCredentials(
  credentials: Credentials | CredentialsProvider | undefined,
  { hostname, port }: { hostname: string; port: number },
): Promise<Credentials | undefined> {
  return typeof credentials === "function"
    ? await credentials({ host: hostname, port })
    : credentials;
}
