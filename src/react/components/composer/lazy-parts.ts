import { lazyPart } from '../parts/lazy-part.tsx';

/** What a composer needs beyond plain text. */
export const attachPart = /* @__PURE__ */ lazyPart(
  async () => (await import('./files/AttachButton.tsx')).AttachButton,
  'first',
);
export const chipsPart = /* @__PURE__ */ lazyPart(async () => (await import('./files/FileChips.tsx')).FileChips);
export const emojiPart = /* @__PURE__ */ lazyPart(
  async () => (await import('./tools/EmojiButton.tsx')).EmojiButton,
  'first',
);
export const dictatePart = /* @__PURE__ */ lazyPart(
  async () => (await import('./tools/DictateButton.tsx')).DictateButton,
);
export const suggestionsPart = /* @__PURE__ */ lazyPart(
  async () => (await import('./suggestions/Suggestions.tsx')).Suggestions,
);

/** What a composer needs only once somebody answers a message. */
export const quotePart = /* @__PURE__ */ lazyPart(async () => (await import('./ComposerQuote.tsx')).ComposerQuote);
