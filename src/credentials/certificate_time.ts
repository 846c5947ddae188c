import { DerError, type Element, Tag } from "./der.ts";

const pattern = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** Reads a date as RFC 5280 section 4.1.2.5 wants it: with seconds, and in UTC. */
export function readTime(element: Element): Date {
  const iso = withCentury(element).replace(pattern, "$1-$2-$3T$4:$5:$6.000Z");
  const date = new Date(iso);
  // Only a date that exists comes out as it went in: the 30th of February does not.
  if (!Number.isNaN(date.getTime()) && date.toISOString() === iso) return date;
  throw new DerError(element.offset, "a date that X.509 does not allow");
}

function withCentury({ tag, content }: Element): string {
  const text = String.fromCharCode(...content.subarray(0, 16));
  if (tag === Tag.generalizedTime) return text;
  // Two digits of a year turn over at 1950.
  return tag === Tag.utcTime ? `${text < "5" ? "20" : "19"}${text}` : "";
}
