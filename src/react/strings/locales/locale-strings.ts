import { ENGLISH } from '../english.ts';
import type { ChatStrings } from '../types.ts';

/** By language; Chinese by its script too. */
const LOADERS: Record<string, () => Promise<ChatStrings>> = {
  ar: () => import('./ar.ts').then(({ ARABIC }) => ARABIC),
  de: () => import('./de.ts').then(({ GERMAN }) => GERMAN),
  es: () => import('./es.ts').then(({ SPANISH }) => SPANISH),
  fr: () => import('./fr.ts').then(({ FRENCH }) => FRENCH),
  he: () => import('./he.ts').then(({ HEBREW }) => HEBREW),
  ja: () => import('./ja.ts').then(({ JAPANESE }) => JAPANESE),
  pt: () => import('./pt-BR.ts').then(({ BRAZILIAN_PORTUGUESE }) => BRAZILIAN_PORTUGUESE),
  'zh-Hans': () => import('./zh-Hans.ts').then(({ SIMPLIFIED_CHINESE }) => SIMPLIFIED_CHINESE),
};

function loaderFor(locale: string): (() => Promise<ChatStrings>) | undefined {
  try {
    // What a tag leaves out is filled in by CLDR: zh-CN is written in Hans, zh-TW in Hant; iw is he by now.
    const { language, script } = new Intl.Locale(locale).maximize();
    return LOADERS[language] ?? LOADERS[`${language}-${script ?? ''}`];
  } catch {
    return undefined; // not a language tag
  }
}

/**
 * The words in the language of `locale`, loaded when they are asked for; English where the kit does not have it.
 * @param locale BCP 47: `de`, `pt-PT`, `zh-CN`
 */
export function localeStrings(locale: string): Promise<ChatStrings> {
  return loaderFor(locale)?.() ?? Promise.resolve(ENGLISH);
}
