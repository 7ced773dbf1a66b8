/** An address as a log may have it: what is behind `?` and `#`, and in front of `@`, may be a key. */
export function redactUrl({ protocol, host, pathname, search }: URL): string {
  return `${protocol}//${host}${pathname}${search === '' ? '' : '?[redacted]'}`;
}
