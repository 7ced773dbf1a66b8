import { lazyPart } from '../parts/lazy-part.tsx';

/** The list that can move through all messages. Until it is there, the newest stand as they do in a server's markup. */
export const rowsPart = /* @__PURE__ */ lazyPart(async () => (await import('./MessageRows.tsx')).MessageRows, 'first');
