/** Something that a server, a network or a program does wrong. */
export interface FaultCase {
  /** P: packets; N: networks. */
  number: string;
  /** What happens. */
  happens: string;
  /** What the user sees. */
  expected: string;
}

const VIOLATION = "violation";

/** In the order of their numbers. */
export const FAULT_CASES: readonly FaultCase[] = [
  row("P1", "`20 02 02 00`: a reserved flag of CONNACK", VIOLATION),
  row("P2", "`20 01 00`, `20 03 00 00 00`: CONNACK of another length", VIOLATION),
  row("P3", "`21 02 00 00`: flag bits of CONNACK", VIOLATION),
  row("P4", "`20 02 00 06`: a reserved return code", "refused, unknown code 6; no further attempt"),
  row("P5", "`20 02 01 05`: a refusal that claims a session", "refused, and the breach is told"),
  row("P6", "`20 02 01 00`: a kept session that was to be clean", VIOLATION),
  row("P7", "`20 02 00 00`: a second CONNACK", VIOLATION),
  row("P8", "`30 05 00 01 61 62 63`: a message before CONNACK", VIOLATION),
  row(
    "P9",
    "`30 80 80 80 80 01`: a length of five bytes",
    "violation at the fourth; nothing allocated",
  ),
  row("P10", "`30 FF FF FF 7F`: 256 MiB are announced", "refused at the header; nothing allocated"),
  row("P11", "`D0 80 00`: a length in more bytes than needed", "accepted"),
  row("P12", "`36 07 00 01 61 00 01 68 69`: QoS 3", VIOLATION),
  row("P13", "`30 04 00 00 68 69`: an empty topic", VIOLATION),
  row("P14", "`30 04 00 09 61 62`: a string longer than its packet", VIOLATION),
  row("P15", "`30 05 00 03 61 2F 23`: a wildcard in a topic name", VIOLATION),
  row("P16", "NUL, a surrogate, an overlong form, more than U+10FFFF in a topic", VIOLATION),
  row("P17", "`30 05 00 03 EF BB BF`: a topic that begins with U+FEFF", "delivered with it"),
  row("P18", "`32 05 00 01 61 00 00`, `32 03 00 01 61`: identifier 0, or none", VIOLATION),
  row("P19", "`38 03 00 01 61`: DUP at QoS 0", "delivered"),
  row("P20", "`40 02 7F FF`: PUBACK of nothing; PUBACK twice", "ignored and counted"),
  row("P21", "`42 02 00 01`, `40 03 00 01 00`, `40 02 00 00`: PUBACK misshapen", VIOLATION),
  row("P22", "PUBREL without its flags; of an unknown identifier", "violation; PUBCOMP"),
  row("P23", "`50 02 00 01`: PUBREC for QoS 1", "violation; the message stays unacknowledged"),
  row(
    "P24",
    "SUBACK with too few codes; with code 3; with code 128",
    "violation; violation; that filter is refused",
  ),
  row("P25", "`B0 03 00 01 00`, `D0 01 00`, `D1 00`: UNSUBACK, PINGRESP misshapen", VIOLATION),
  row("P26", "CONNECT, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT, types 0 and 15", VIOLATION),
  row("P27", "one byte at a time; a thousand packets at once; a cut in the length", "all the same"),
  row("P28", "control characters in a topic", "delivered; refused on the way out"),
  row("P29", "what this program may not send", "rejected before a byte of it is sent"),
  row("N1", "no address, nothing listens, nothing answers", "told apart, within the deadline"),
  row("N2", "TCP is accepted, TLS is silent", "the deadline of the handshake"),
  row("N3", "CONNACK too late", "one outcome; the next attempt has a socket of its own"),
  row("N4", "another protocol on that port", "told as such"),
  row(
    "N5",
    "the server drops between PUBLISH and PUBACK",
    "sent again, marked, in order; settled once",
  ),
  row("N6", "PUBACK is lost or comes twice", "two copies there, one outcome here"),
  row("N7", "the server has kept no session", "subscribed anew, sent as new"),
  row("N8", "a black hole", "noticed within one and a half keep-alives; what waits is kept"),
  row(
    "N9",
    "the end without a goodbye, a reset, a corrupted record",
    "back, after a delay of chance",
  ),
  row("N10", "another client with the same id", "noticed at the third loss, and no storm"),
  row("N11", "what IoT Hub does not take", "refused here, with the hub's reason"),
  row(
    "N12",
    "a server that closes again and again",
    "delays that grow, up to a limit; a last attempt",
  ),
  row("N13", "the clock jumps: sleep", "what is dead is taken for lost at once"),
  row(
    "N14",
    "no identifier or no room left",
    "publishers wait, or what the outbox says; memory stays bounded",
  ),
  row(
    "N15",
    "Ctrl-C while messages are in flight",
    "two seconds for acknowledgements; the rest is told",
  ),
];

function row(number: string, happens: string, expected: string): FaultCase {
  return { number, happens, expected };
}
