import { children, type Element, Tag } from "../der.ts";
import { directoryString } from "../certificate_name.ts";
import { expectOctets, expectOid, Fields } from "../der_values.ts";

const friendlyName = "1.2.840.113549.1.9.20";
const localKeyId = "1.2.840.113549.1.9.21";

/** What a bag says about itself (RFC 7292 section 4.2), as far as it is of use. */
export interface BagAttributes {
  /** The friendly name; control characters in it are replaced, for it is made to be shown. */
  alias?: string;
  /** What a key and its certificate have in common, in hexadecimal. */
  localKeyId?: string;
}

/** Reads the attributes of a bag; unknown ones are skipped. */
export function readAttributes(set: Element | undefined): BagAttributes {
  const found: BagAttributes = {};
  if (set === undefined) return found;
  for (const attribute of children(set)) {
    const fields = new Fields(attribute);
    const id = expectOid(fields.take());
    const [value] = children(fields.takeTag(Tag.set));
    if (value === undefined) continue;
    if (id === friendlyName) found.alias = directoryString(value).replace(/\p{Cc}/gu, "\uFFFD");
    if (id === localKeyId) {
      found.localKeyId = expectOctets(value).toHex();
    }
  }
  return found;
}
