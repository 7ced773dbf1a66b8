import { lazyPart } from '../parts/lazy-part.tsx';

/** Loaded once somebody wants to look for something. */
export const searchPart = /* @__PURE__ */ lazyPart(async () => (await import('./SearchPanel.tsx')).SearchPanel);
