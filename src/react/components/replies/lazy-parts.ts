import { lazyPart } from '../parts/lazy-part.tsx';

export const repliesPart = /* @__PURE__ */ lazyPart(async () => (await import('./RepliesPanel.tsx')).RepliesPanel);
