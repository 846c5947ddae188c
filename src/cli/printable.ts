/** The same text with its control characters as escapes, as JSON and the `$'…'` of shells write them. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => {
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
