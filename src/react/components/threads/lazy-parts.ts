import { lazyPart } from '../parts/lazy-part.tsx';

export const menuPart = /* @__PURE__ */ lazyPart(async () => (await import('./ThreadMenu.tsx')).ThreadMenu);
export const pinnedPart = /* @__PURE__ */ lazyPart(async () => (await import('./PinnedBar.tsx')).PinnedBar);
export const longListPart = /* @__PURE__ */ lazyPart(async () => (await import('./LongList.tsx')).LongList);
