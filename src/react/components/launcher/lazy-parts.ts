import { lazyPart } from '../parts/lazy-part.tsx';

export const panelPart = /* @__PURE__ */ lazyPart(async () => (await import('./LauncherPanel.tsx')).LauncherPanel);
