/** The kit's words in other languages. Import one, or load the reader's by `localeStrings(locale)`. */
export { ARABIC } from './ar.ts';
export { GERMAN } from './de.ts';
export { SPANISH } from './es.ts';
export { FRENCH } from './fr.ts';
export { HEBREW } from './he.ts';
export { JAPANESE } from './ja.ts';
export { localeStrings } from './locale-strings.ts';
export { BRAZILIAN_PORTUGUESE } from './pt-BR.ts';
export { SIMPLIFIED_CHINESE } from './zh-Hans.ts';
