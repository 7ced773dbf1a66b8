import { extensionOf } from './filename.ts';

/** What people send each other, and nothing that runs. */
export const DEFAULT_TYPES: readonly string[] = [
  'image/*',
  'audio/*',
  'video/*',
  'application/pdf',
  'text/plain',
  'text/markdown',
  'text/csv',
  'application/zip',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/vnd.oasis.opendocument.presentation',
];

/** Documents that a browser runs: no wildcard means them. */
const ACTIVE: ReadonlySet<string> = new Set([
  'image/svg+xml',
  'text/html',
  'application/xhtml+xml',
  'application/xml',
  'text/xml',
  'text/javascript',
]);

/** What a browser shows in a page of its own without running anything of it. PDF is none: its viewer does not open in a sandbox. */
const INLINE_IMAGES: ReadonlySet<string> = new Set([
  'image/png',
  'image/apng',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
]);

/** Extensions that mean the same as the one that a type is named by. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  jpg: ['jpeg', 'jpe', 'jfif'],
  png: ['apng'],
  tif: ['tiff'],
  heic: ['heif', 'hif'],
  mp4: ['m4v', 'm4a'],
  m4a: ['mp4'],
  mov: ['qt'],
  mpg: ['mpeg'],
  mkv: ['mka'],
  webm: ['weba'],
  ogg: ['oga', 'ogv', 'opus'],
  opus: ['ogg', 'oga'],
  oga: ['ogg', 'opus'],
  ogv: ['ogg'],
  aif: ['aiff'],
  mid: ['midi'],
  txt: ['text', 'log'],
  md: ['markdown'],
};

/** @param pattern a media type, or one with `*` behind the slash */
export function isPattern(pattern: unknown): pattern is string {
  return typeof pattern === 'string' && /^[a-z]+\/(\*|[a-z\d][a-z\d.+-]*)$/.test(pattern);
}

export function isAllowed(mediaType: string, patterns: readonly string[]): boolean {
  if (patterns.includes(mediaType)) return true;
  const [group] = mediaType.split('/', 1);
  return !ACTIVE.has(mediaType) && patterns.includes(`${group}/*`);
}

export function isInline(mediaType: string): boolean {
  return isMeasured(mediaType) || /^(audio|video)\//.test(mediaType);
}

/** Images that every browser shows, so that a list has to keep their place. */
export function isMeasured(mediaType: string): boolean {
  return INLINE_IMAGES.has(mediaType);
}

/** The name with an extension that says what the file is: whoever opens a saved file goes by nothing else. */
export function withExtension(filename: string, extension: string): string {
  const own = extensionOf(filename);
  return own === extension || SYNONYMS[extension]?.includes(own) ? filename : `${filename}.${extension}`;
}
