const MAX_LENGTH = 120;
const FALLBACK = 'file';
/** Names that Windows keeps for devices, whatever follows the dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A name that is only a name: no folder, no control character, nothing that turns the direction of writing (`gpj.exe` is shown as
 * `exe.jpg`), nothing that a file system refuses.
 */
export function safeFilename(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const short = shorten(plain || FALLBACK);
  return DEVICE.test(short) ? `_${short}` : short;
}

/** In lower case, without the dot; empty when there is none. */
export function extensionOf(filename: string): string {
  return /[^.]\.([a-z\d]{1,10})$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
}

/**
 * How a file is to be handled and called (RFC 6266; the name in UTF-8 by RFC 8187, and in ASCII for what does not read that).
 */
export function contentDisposition(kind: 'inline' | 'attachment', filename: string): string {
  const ascii = filename.replace(/[^ -~]/gu, '_').replace(/["\\%]/g, '_');
  const encoded = encodeURIComponent(filename).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/** From the middle, so that the extension stays; by characters, so that none is cut in two. */
function shorten(name: string): string {
  const characters = [...name];
  if (characters.length <= MAX_LENGTH) return name;
  const extension = extensionOf(name);
  const tail = extension ? `.${extension}` : '';
  return characters.slice(0, MAX_LENGTH - tail.length).join('') + tail;
}
