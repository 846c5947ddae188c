import { assertEquals, assertThrows } from "@std/assert";
import { readTime } from "../../src/credentials/certificate_time.ts";
import { DerError, parseElement } from "../../src/credentials/der.ts";
import { element } from "./_der_builder.ts";

const utcTime = 0x17;
const generalizedTime = 0x18;

function time(tag: number, text: string): Date {
  return readTime(parseElement(element(tag, new TextEncoder().encode(text))));
}

for (
  const [tag, text, iso] of [
    [utcTime, "500101000000Z", "1950-01-01T00:00:00.000Z"],
    [utcTime, "991231235959Z", "1999-12-31T23:59:59.000Z"],
    [utcTime, "000229120000Z", "2000-02-29T12:00:00.000Z"],
    [utcTime, "491231235959Z", "2049-12-31T23:59:59.000Z"],
    [generalizedTime, "20500101000000Z", "2050-01-01T00:00:00.000Z"],
    [generalizedTime, "99991231235959Z", "9999-12-31T23:59:59.000Z"],
    [generalizedTime, "00010101000000Z", "0001-01-01T00:00:00.000Z"],
  ] as const
) {
  Deno.test(`readTime() reads ${text}`, () => assertEquals(time(tag, text).toISOString(), iso));
}

for (
  const [tag, text] of [
    [utcTime, "5001010000Z"],
    [utcTime, "500101000000+0100"],
    [utcTime, "20500101000000Z"],
    [utcTime, "501301000000Z"],
    [utcTime, "500230000000Z"],
    [utcTime, "500101250000Z"],
    [generalizedTime, "500101000000Z"],
    [generalizedTime, "20500101000000.5Z"],
    [0x0c, "20500101000000Z"],
    [utcTime, ""],
  ] as const
) {
  Deno.test(`readTime() refuses ${JSON.stringify(text)} under tag ${tag}`, () => {
    assertThrows(() => time(tag, text), DerError);
  });
}
