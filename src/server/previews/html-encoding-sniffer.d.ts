declare module 'html-encoding-sniffer' {
  /** By a byte order mark, the response's header, the page's own word, in this order. Gives a name of the Encoding Standard. */
  function sniffEncoding(
    bytes: Uint8Array,
    options?: { transportLayerEncodingLabel?: string | undefined; defaultEncoding?: string },
  ): string;
  export = sniffEncoding;
}
