import { expect, test } from 'vitest';
import { ENGLISH } from '../english.ts';
import { mergeStrings } from '../merge.ts';
import type { ChatStrings } from '../types.ts';
import {
  ARABIC,
  BRAZILIAN_PORTUGUESE,
  FRENCH,
  GERMAN,
  HEBREW,
  JAPANESE,
  localeStrings,
  SIMPLIFIED_CHINESE,
  SPANISH,
} from './index.ts';

const LOCALES: [string, ChatStrings][] = [
  ['ar', ARABIC],
  ['de', GERMAN],
  ['es', SPANISH],
  ['fr', FRENCH],
  ['he', HEBREW],
  ['ja', JAPANESE],
  ['pt-BR', BRAZILIAN_PORTUGUESE],
  ['zh-Hans', SIMPLIFIED_CHINESE],
];

type Call = (...args: unknown[]) => string;

/** Every word by its path, with functions left as they are: `errors.forbidden.what`. */
function flat(value: object, path = ''): Map<string, string | Call> {
  const found = new Map<string, string | Call>();
  for (const [key, entry] of Object.entries(value) as [string, string | Call | object][]) {
    if (typeof entry === 'string') found.set(path + key, entry);
    else if (typeof entry === 'function') found.set(path + key, entry as Call);
    else for (const [below, word] of flat(entry, `${path}${key}.`)) found.set(below, word);
  }
  return found;
}

const COUNTS = [0, 1, 2, 3, 11, 100];
const NAMES = ['Ada', 'Ben'];

const BY_OTHER = ['«0»', '«1»'];

/** What each function may be called with: a count at each place of a count. */
function samples(key: string): unknown[][] {
  if (key === 'reactionNames') {
    return COUNTS.flatMap((n) => [
      [NAMES, true, n],
      [NAMES, false, n],
      ...(n > 0 ? [[[], false, n]] : [[[], true, n]]),
    ]);
  }
  if (key === 'typing') return [[[]], [['Ada']], [NAMES]];
  if (key === 'characterCount') return COUNTS.map((n) => [n, 10_000]);
  // Done by somebody or by the reader, to somebody or to the reader; nobody does such a thing to themself.
  if (/^event(Added|Removed)$/.test(key)) return [BY_OTHER, [null, '«1»'], ['«0»', null]];
  if (key === 'eventRole')
    return [
      [...BY_OTHER, '«2»'],
      [null, '«1»', '«2»'],
      ['«0»', null, '«2»'],
    ];
  if (/^event/.test(key)) return [BY_OTHER, [null, '«1»']];
  const length = (flat(ENGLISH).get(key) as Call).length;
  return /^(newMessages|reportedMore|searchResults|tooLong|filesTooMany|reconnectingIn)|[cC]ount|unread/i.test(key)
    ? COUNTS.map((n) => [n])
    : [Array.from({ length: Math.max(length, 1) }, (_, i) => `«${i}»`)];
}

const english = flat(ENGLISH);

/**
 * Words that are right in both languages and look the same: a loanword (“Chat”, “Online”, “Emojis”), or one that they share by
 * descent (French “Conversations”, “Messages”, “Note 1”, “Nature”). Whoever adds one has looked it up.
 */
const SAME: Record<string, string[]> = {
  de: ['windowLabel', 'online', 'codeLabel', 'reactionGroups.smileys'],
  es: ['windowLabel'],
  fr: [
    'threadsHeading',
    'threadUntitled',
    'messagesLabel',
    'codeLabel',
    'composerLabel',
    'footnote',
    'reactionGroups.nature',
  ],
  'pt-BR': ['windowLabel'],
};
/** No words at all: what they are given and a mark between. */
const MARKS = ['preview', 'messageLabel', 'reactionLabel'];

test.each(LOCALES)('%s has every word that English has, and no other', (_, strings) => {
  expect([...flat(strings).keys()].sort()).toEqual([...english.keys()].sort());
});

test.each(LOCALES)('%s leaves no word in English', (locale, strings) => {
  const left = [...flat(strings)].filter(([key, word]) => {
    const original = english.get(key);
    if (typeof word === 'string') return word === original;
    const args = key === 'messagesLabel' || key.startsWith('composer') ? [[null], ...samples(key)] : samples(key);
    return args.some((each) => word(...each) === (original as Call)(...each));
  });
  const allowed = new Set([...(SAME[locale] ?? []), ...MARKS]);
  expect(left.map(([key]) => key).filter((key) => !allowed.has(key))).toEqual([]);
});

test.each([['en', ENGLISH] as [string, ChatStrings], ...LOCALES])('%s says each count', (_, strings) => {
  for (const [key, word] of flat(strings)) {
    if (typeof word === 'string') expect(word.trim(), key).not.toBe('');
    else {
      for (const args of samples(key)) {
        const said = word(...args);
        expect(said.trim(), key).not.toBe('');
        expect(said, `${key}(${args.join()})`).not.toMatch(/undefined|null|NaN|\[object/u);
        // What is told by name is told in full.
        for (const arg of args.slice(0, Math.max(1, word.length)))
          if (typeof arg === 'string') expect(said, key).toContain(arg);
      }
    }
  }
});

test('plurals follow each language’s own rules', () => {
  expect(COUNTS.map((n) => ARABIC.newMessages(n))).toEqual([
    `${new Intl.NumberFormat('ar').format(0)} رسالة جديدة`,
    'رسالة جديدة واحدة',
    'رسالتان جديدتان',
    `${new Intl.NumberFormat('ar').format(3)} رسائل جديدة`,
    `${new Intl.NumberFormat('ar').format(11)} رسالة جديدة`,
    `${new Intl.NumberFormat('ar').format(100)} رسالة جديدة`,
  ]);
  // French counts nought as one.
  expect([0, 1, 2].map((n) => FRENCH.newMessages(n))).toEqual([
    '0 nouveau message',
    '1 nouveau message',
    '2 nouveaux messages',
  ]);
  expect(HEBREW.newMessages(1)).toBe('הודעה חדשה אחת');
  expect(GERMAN.reactionNames(NAMES, true, 0)).toBe('Ada, Ben und du');
});

test('numbers are the provider’s locale’s, whatever the words are', () => {
  expect(GERMAN.characterCount(1234, 10_000)).toBe('1.234 von 10.000 Zeichen');
  expect(mergeStrings(GERMAN, 'de-CH').characterCount(1234, 10_000)).toMatch(/^1[’']234 von 10[’']000 Zeichen$/u);
  expect(mergeStrings(undefined, 'en-IN').characterCount(123_456, 10_000)).toBe('1,23,456 of 10,000 characters');
  expect(mergeStrings(ARABIC, 'ar-EG').reconnectingIn(12)).toContain('١٢');
  // An app's own function need not know of it.
  expect(mergeStrings({ newMessages: (count) => `+${count}` }, 'de').newMessages(3)).toBe('+3');
});

test.each([
  ['de', GERMAN],
  ['de-CH', GERMAN],
  ['pt-PT', BRAZILIAN_PORTUGUESE],
  ['zh', SIMPLIFIED_CHINESE],
  ['zh-CN', SIMPLIFIED_CHINESE],
  ['zh-SG', SIMPLIFIED_CHINESE],
  ['zh-TW', ENGLISH],
  ['iw', HEBREW],
  ['ar-EG', ARABIC],
  ['ja-JP-u-ca-japanese', JAPANESE],
  ['es-419', SPANISH],
  ['fr-CA', FRENCH],
  ['nl', ENGLISH],
  ['', ENGLISH],
  ['not a tag', ENGLISH],
])('localeStrings(%o) loads what suits it', async (locale, strings) => {
  expect(await localeStrings(locale)).toBe(strings);
});
