import { markupLoader, markupPart } from '../parts/lazy-part.tsx';

/** What a window of one conversation has no use for. */
export const threadListParts = /* @__PURE__ */ markupLoader(() => import('../threads/ThreadList.tsx'));
export const LazyThreadList = /* @__PURE__ */ markupPart(threadListParts, (parts) => parts.ThreadList);
