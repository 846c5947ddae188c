/** A password in the two encodings that one PKCS#12 file uses side by side. */
export interface PasswordForm {
  /** For PBES2: UTF-8. */
  utf8: Uint8Array;
  /** For PKCS#12's own derivation: big-endian UTF-16 and two zero bytes; or nothing at all. */
  bmp: Uint8Array;
}

/**
 * The forms to try, in order.
 *
 * "No password" is written in two ways: as an empty one, whose two zero bytes are hashed, and as none at all. Which
 * one a file means cannot be seen, so both are tried; for any other password there is one form, exactly as typed.
 */
export function passwordForms(password: string): [PasswordForm, ...PasswordForm[]] {
  const utf8 = new TextEncoder().encode(password);
  const bmp = new Uint8Array(2 * password.length + 2);
  const view = new DataView(bmp.buffer);
  for (let i = 0; i < password.length; i++) view.setUint16(2 * i, password.charCodeAt(i));
  return password === "" ? [{ utf8, bmp }, { utf8, bmp: new Uint8Array() }] : [{ utf8, bmp }];
}

/** Overwrites the forms once they have served. */
export function wipe(forms: PasswordForm[]): void {
  for (const { utf8, bmp } of forms) {
    utf8.fill(0);
    bmp.fill(0);
  }
}
