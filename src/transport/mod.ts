/**
 * Byte pipes to a server: TLS with a client certificate, TCP, WebSocket, memory; through a proxy, too.
 *
 * @module
 */

export { memoryPair } from "./memory_pair.ts";
export { tcpTransport, type TcpTransportOptions } from "./tcp_transport.ts";
export { tlsTransport, type TlsTransportOptions } from "./tls_transport.ts";
export type {
  Connection,
  Credentials,
  CredentialsProvider,
  CredentialsRequest,
  Transport,
} from "./transport.ts";
export { webSocketTransport, type WebSocketTransportOptions } from "./web_socket_transport.ts";
