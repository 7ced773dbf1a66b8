import { lazyPart } from '../../parts/lazy-part.tsx';

/** What most widgets do without. */
export const chartPart = /* @__PURE__ */ lazyPart(async () => (await import('./chart/WidgetChart.tsx')).WidgetChart);
export const iconPart = /* @__PURE__ */ lazyPart(async () => (await import('./icons/WidgetIcon.tsx')).WidgetIcon);
