/** Postgres stores no NUL, and no list wants a line break in a name. */
export function withoutControls(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
