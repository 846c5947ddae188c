// The characters IoT Hub allows in a device id, and how many of them.
const deviceIdPattern = /^[A-Za-z0-9\-.+%_#*?!(),=@$']{1,128}$/;
const hostnamePattern = /^(?:\*\.)?[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?$/;
const ipv4Pattern = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** X.520 ends a common name here (`ub-common-name`); a longer one is refused by other makers' readers. */
const commonNameLimit = 64;

/** @throws {RangeError} If it is empty or longer than X.520 allows. */
export function assertCommonName(name: string): void {
  const length = [...name].length;
  if (length === 0 || length > commonNameLimit) {
    throw new RangeError(
      `A common name has 1 to ${commonNameLimit} characters (X.520): this one has ${length}`,
    );
  }
}

/** @throws {RangeError} If IoT Hub would not know a device of that id, or no certificate can name it. */
export function assertDeviceId(deviceId: string): void {
  if (!deviceIdPattern.test(deviceId)) {
    throw new RangeError(
      "A device id has 1 to 128 characters: ASCII letters, digits and - . + % _ # * ? ! ( ) , = @ $ '",
    );
  }
  assertCommonName(deviceId);
}

/** The name as a subject alternative name. @throws {RangeError} If it is neither a host name nor an IP address. */
export function alternativeName(name: string): { type: "dns" | "ip"; value: string } {
  // A URL knows what an address is: numbers up to 255, colons where they belong.
  const isAddress = name.includes(":")
    ? URL.canParse(`http://[${name}]`)
    : ipv4Pattern.test(name) && URL.canParse(`http://${name}`);
  if (isAddress) return { type: "ip", value: name };
  if (name.length <= 253 && hostnamePattern.test(name) && !ipv4Pattern.test(name)) {
    return { type: "dns", value: name };
  }
  throw new RangeError(`Neither a host name nor an IP address: ${JSON.stringify(name)}`);
}
