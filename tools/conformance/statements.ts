/** A statement of MQTT 3.1.1 that a client keeps, or whose breach by a server it notices. */
export interface Statement {
  /** As the specification prints it, misprints included. */
  id: string;
  /** The rule in short. */
  rule: string;
  /** Whose tests show it; each of them must have one. The session's are those of the client, too. */
  shownBy: readonly Part[];
}

/** A part of Hubwire that keeps rules of MQTT. */
export type Part = "encoder" | "decoder" | "session" | "transport";

const ENCODER = ["encoder"] as const;
const DECODER = ["decoder"] as const;
const BOTH = ["encoder", "decoder"] as const;
const SESSION = ["session"] as const;
const TRANSPORT = ["transport"] as const;

/** In the order of their ids. */
export const STATEMENTS: readonly Statement[] = [
  row("1.5.3-1", BOTH, "Strings are well-formed UTF-8 and hold no surrogates"),
  row("1.5.3-2", BOTH, "Strings hold no U+0000"),
  row("1.5.3-3", DECODER, "EF BB BF is the character U+FEFF wherever it stands, and stays"),
  row("2.2.2-1", ENCODER, "Flag bits without a meaning have the value of the table"),
  row("2.2.2-2", DECODER, "Other flag bits than those of the table end the connection"),
  row("2.3.1-1", BOTH, "SUBSCRIBE, UNSUBSCRIBE and PUBLISH above QoS 0 carry an id other than 0"),
  row("2.3.1-2", SESSION, "A new packet takes an id that is not in use"),
  row("2.3.1-3", SESSION, "A packet sent again keeps its id; an id is free once it is answered"),
  row("2.3.1-4", DECODER, "A server's PUBLISH above QoS 0 carries an id other than 0 too"),
  row("2.3.1-5", BOTH, "A PUBLISH at QoS 0 carries no id"),
  row("2.3.1-6", ENCODER, "PUBACK, PUBREC and PUBREL carry the id of their PUBLISH"),
  row("2.3.1-7", SESSION, "SUBACK and UNSUBACK carry the id of what they answer"),
  row("3.1.0-1", SESSION, "The first packet of a client is CONNECT"),
  row("3.1.0-2", SESSION, "A client sends one CONNECT a connection"),
  row("3.1.2-1", BOTH, "The protocol name is MQTT"),
  row("3.1.2-2", BOTH, "The protocol level is 4"),
  row("3.1.2-3", BOTH, "The reserved bit of the connect flags is 0"),
  row("3.1.2-4", SESSION, "Clean session off: the session outlives the connection"),
  row("3.1.2-6", SESSION, "Clean session on: the old session is dropped, the new one not kept"),
  row("3.1.2-9", BOTH, "With the will flag there are a will topic and a will message"),
  row("3.1.2-11", BOTH, "Without the will flag no bit and no field speaks of a will"),
  row("3.1.2-13", BOTH, "Without the will flag the will QoS is 0"),
  row("3.1.2-14", BOTH, "The will QoS is not 3"),
  row("3.1.2-15", BOTH, "Without the will flag will retain is 0"),
  row("3.1.2-18", BOTH, "Without its flag there is no user name"),
  row("3.1.2-19", BOTH, "With its flag there is a user name"),
  row("3.1.2-20", BOTH, "Without its flag there is no password"),
  row("3.1.2-21", BOTH, "With its flag there is a password"),
  row("3.1.2-22", BOTH, "Without a user name there is no password"),
  row("3.1.2-23", SESSION, "A client sends something within each keep-alive interval"),
  row("3.1.2-24", SESSION, "A server waits one and a half keep-alive intervals, then disconnects"),
  row("3.1.3-1", BOTH, "Client id, will topic, will message, user name, password: in this order"),
  row("3.1.3-2", SESSION, "The client id is what a session is known by"),
  row("3.1.3-3", BOTH, "The client id is there, and first"),
  row("3.1.3-4", BOTH, "The client id is a UTF-8 string"),
  row("3.1.3-7", ENCODER, "An empty client id goes with a clean session only"),
  row("3.1.3-10", BOTH, "The will topic is a UTF-8 string"),
  row("3.1.3-11", BOTH, "The user name is a UTF-8 string"),
  row("3.2.0-1", SESSION, "The first packet of a server is CONNACK"),
  row("3.2.2-1", SESSION, "A clean session is never present in CONNACK"),
  row("3.2.2-2", SESSION, "CONNACK tells a client that its session was kept"),
  row("3.2.2-3", SESSION, "CONNACK tells a client that there was no session"),
  row("3.2.2-4", ["encoder", "session"], "No session is present in a CONNACK that refuses"),
  row("3.2.2-5", SESSION, "After a CONNACK that refuses the connection is closed"),
  row("3.3.1-1", SESSION, "A PUBLISH sent again has DUP"),
  row("3.3.1-2", ENCODER, "A PUBLISH at QoS 0 has no DUP"),
  row("3.3.1-4", BOTH, "The QoS of a PUBLISH is not 3"),
  row("3.3.1-8", SESSION, "RETAIN says that a message was kept before its subscription was made"),
  row("3.3.1-9", SESSION, "Without RETAIN a message has come after its subscription was made"),
  row("3.3.2-1", BOTH, "A PUBLISH begins with its topic name, a UTF-8 string"),
  row("3.3.2-2", BOTH, "A topic name holds no wildcard"),
  row("3.3.2-3", SESSION, "What a server delivers matches a filter of the client"),
  row("3.3.4-1", SESSION, "A PUBLISH is answered as its QoS demands"),
  row("3.6.1-1", BOTH, "PUBREL has the flag bits 0010"),
  row("3.8.1-1", BOTH, "SUBSCRIBE has the flag bits 0010"),
  row("3.8.3-1", BOTH, "The filters of SUBSCRIBE are UTF-8 strings"),
  row("3.8.3-3", BOTH, "SUBSCRIBE holds one filter at least"),
  row("3-8.3-4", BOTH, "A requested QoS is 0, 1 or 2 and its other bits are 0"),
  row("3.8.4-2", SESSION, "SUBACK carries the id of its SUBSCRIBE"),
  row("3.8.4-5", BOTH, "SUBACK holds a return code for each filter"),
  row("3.8.4-6", SESSION, "Nothing is delivered at a higher QoS than was granted"),
  row("3.9.3-1", BOTH, "The return codes of SUBACK stand in the order of the filters"),
  row("3.9.3-2", BOTH, "A return code of SUBACK is 0, 1, 2 or 128"),
  row("3.10.1-1", BOTH, "UNSUBSCRIBE has the flag bits 0010"),
  row("3.10.3-1", BOTH, "The filters of UNSUBSCRIBE are UTF-8 strings"),
  row("3.10.3-2", BOTH, "UNSUBSCRIBE holds one filter at least"),
  row("3.10.4-4", SESSION, "UNSUBACK carries the id of its UNSUBSCRIBE"),
  row("3.12.4-1", SESSION, "PINGREQ is answered by PINGRESP"),
  row("3.14.1-1", DECODER, "The flag bits of DISCONNECT are 0"),
  row("3.14.4-1", SESSION, "After DISCONNECT the client closes the connection"),
  row("3.14.4-2", SESSION, "After DISCONNECT the client sends nothing"),
  row("4.1.0-1", SESSION, "Session state is kept for the whole of a session"),
  row("4.1.0-2", SESSION, "A session lasts as long as its connection at least"),
  row("4.3.1-1", SESSION, "QoS 0 is sent once, without DUP"),
  row("4.3.2-1", SESSION, "QoS 1 is sent under a free id and kept until PUBACK"),
  row("4.3.2-2", SESSION, "QoS 1 is answered by PUBACK; the same id is then a new message"),
  row("4.3.3-1", SESSION, "QoS 2 is sent as PUBLISH, PUBREC, PUBREL, PUBCOMP"),
  row("4.3.3-2", SESSION, "QoS 2 is delivered once until PUBREL"),
  row("4.4.0-1", SESSION, "With a kept session what was not answered is sent again, ids unchanged"),
  row("4.5.0-2", SESSION, "What the program does not want is acknowledged too"),
  row("4.6.0-1", SESSION, "What is sent again goes in the order of the first time"),
  row("4.6.0-2", SESSION, "PUBACKs go in the order of their PUBLISHes"),
  row("4.6.0-3", SESSION, "PUBRECs go in the order of their PUBLISHes"),
  row("4.6.0-4", SESSION, "PUBRELs go in the order of their PUBRECs"),
  row("4.7.1-1", ENCODER, "Wildcards stand in filters, not in names"),
  row("4.7.1-2", BOTH, "# is a whole level, and the last"),
  row("4.7.1-3", BOTH, "+ is a whole level"),
  row("4.7.3-1", BOTH, "Topic names and filters have one character at least"),
  row("4.7.3-2", BOTH, "Topic names and filters hold no U+0000"),
  row("4.7.3-3", BOTH, "Topic names and filters take 65535 bytes at most"),
  row("4.8.0-1", ["decoder", "session"], "Whatever breaks the protocol ends the connection"),
  row("4.8.0-2", SESSION, "A passing error while a packet is processed ends the connection"),
  row(
    "6.0.0-1",
    TRANSPORT,
    "Over a WebSocket MQTT goes in binary frames; any other end the connection",
  ),
  row("6.0.0-2", TRANSPORT, "Packets and frames need not begin and end together"),
  row("6.0.0-3", TRANSPORT, "The client offers the sub-protocol mqtt"),
  row("6.0.0-4", TRANSPORT, "The server agrees to the sub-protocol mqtt"),
  row("7.0.0-2", SESSION, "A client demands no extension of the protocol"),
  row("7.1.2-1", SESSION, "The transport is ordered, lossless and goes both ways"),
];

function row(id: string, shownBy: Statement["shownBy"], rule: string): Statement {
  return { id: `MQTT-${id}`, rule, shownBy };
}
