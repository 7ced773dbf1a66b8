import { lazyPart } from '../parts/lazy-part.tsx';

/** What a composer needs beyond plain text. */
export const attachPart = /* @__PURE__ */ lazyPart(async () => (await import('./files/AttachButton.tsx')).AttachButton);
export const chipsPart = /* @__PURE__ */ lazyPart(async () => (await import('./files/FileChips.tsx')).FileChips);

/** What a composer needs only once somebody answers a message. */
export const quotePart = /* @__PURE__ */ lazyPart(async () => (await import('./ComposerQuote.tsx')).ComposerQuote);
