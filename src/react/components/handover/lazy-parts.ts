import { lazyPart } from '../parts/lazy-part.tsx';

/** Only where an assistant answers. */
export const handoverPart = /* @__PURE__ */ lazyPart(async () => (await import('./HandoverBar.tsx')).HandoverBar);
