import { lazyPart } from '../parts/lazy-part.tsx';

/** For whoever watches over a conversation. */
export const reportsPart = /* @__PURE__ */ lazyPart(async () => (await import('./ReportsButton.tsx')).ReportsButton);
export const reportPart = /* @__PURE__ */ lazyPart(async () => (await import('./ReportDialog.tsx')).ReportDialog);
