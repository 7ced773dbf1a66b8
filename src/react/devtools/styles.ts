/** In the kit's layer and by its tokens; each token has a fallback, for apps that use the hooks without `latchkit/styles.css`. */
export const STYLES = `@layer latchkit {
.lk-devtools {
  --d-bg: var(--lk-bg, light-dark(#fff, #161715));
  --d-panel: var(--lk-panel, light-dark(#f7f7f5, #1d1e1b));
  --d-line: var(--lk-line, light-dark(#e7e6e2, #2d2f2a));
  --d-control: var(--lk-control-line, light-dark(#949087, #77756c));
  --d-text: var(--lk-text, light-dark(#1c1b19, #eceae4));
  --d-muted: var(--lk-muted, light-dark(#65625b, #a5a298));
  --d-good: var(--lk-accent, light-dark(#2f6f5e, #7cc4ab));
  --d-bad: var(--lk-danger, light-dark(#a8321f, #f29583));
  --d-warn: var(--lk-warn, light-dark(#7d4a00, #f0c069));
  --d-hover: var(--lk-hover, light-dark(#0000000a, #ffffff0d));
  position: fixed;
  z-index: 2147483000;
  display: flex;
  flex-direction: column;
  gap: 8px;
  background: none;
  color: var(--d-text);
  color-scheme: light dark;
  font: 13px/1.45 ui-sans-serif, system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif;
  font-variant-numeric: tabular-nums;
  pointer-events: none;
}
.lk-devtools[data-lk-theme='light'] { color-scheme: light; }
.lk-devtools[data-lk-theme='dark'] { color-scheme: dark; }
.lk-devtools > * { pointer-events: auto; }
.lk-devtools, .lk-devtools * { box-sizing: border-box; }
.lk-devtools[data-position^='bottom'] { bottom: 12px; flex-direction: column-reverse; }
.lk-devtools[data-position^='top'] { top: 12px; }
.lk-devtools[data-position$='left'] { left: 12px; align-items: flex-start; }
.lk-devtools[data-position$='right'] { right: 12px; align-items: flex-end; }
.lk-devtools :focus-visible { outline: 2px solid var(--d-good); outline-offset: 2px; }
.lk-devtools :where(h2, p, ol, dl, dd) { margin: 0; padding: 0; font: inherit; }
.lk-devtools :where(button, textarea) { font: inherit; color: inherit; }
.lk-devtools code { font: 12px ui-monospace, 'DejaVu Sans Mono', monospace; }
.lk-devtools-toggle, .lk-devtools-buttons button {
  border: 1px solid var(--d-control);
  background: var(--d-bg);
  cursor: pointer;
}
.lk-devtools-toggle {
  display: flex;
  align-items: center;
  gap: 7px;
  min-height: 32px;
  padding: 4px 12px 4px 10px;
  border-radius: 16px;
  box-shadow: 0 2px 8px #0003;
  font-weight: 600;
}
.lk-devtools-toggle:hover { background: var(--d-panel); }
.lk-devtools-dot { width: 9px; height: 9px; border-radius: 50%; background: var(--d-muted); }
.lk-devtools-dot[data-tone='good'] { background: var(--d-good); }
.lk-devtools-dot[data-tone='bad'] { background: var(--d-bad); border-radius: 2px; }
.lk-devtools-panel {
  display: flex;
  flex-direction: column;
  gap: 12px;
  width: min(420px, 100vw - 24px);
  max-height: min(620px, 100dvh - 64px);
  padding: 14px 16px;
  border: 1px solid var(--d-line);
  border-radius: 14px;
  background: var(--d-bg);
  box-shadow: 0 4px 24px #0003;
  overflow-y: auto;
}
.lk-devtools-head h2 { font-size: 15px; font-weight: 600; }
.lk-devtools-chip { font-weight: 600; color: var(--d-muted); }
.lk-devtools [data-tone='good'].lk-devtools-chip { color: var(--d-good); }
.lk-devtools [data-tone='bad'].lk-devtools-chip, .lk-devtools-error code { color: var(--d-bad); }
.lk-devtools-error { overflow-wrap: anywhere; }
.lk-devtools-life [role='meter'] {
  position: relative;
  height: 10px;
  margin-block-end: 6px;
  border: 1px solid var(--d-control);
  border-radius: 5px;
  background: var(--d-panel);
  overflow: hidden;
}
.lk-devtools-life i { position: absolute; top: 0; bottom: 0; }
.lk-devtools-life [data-part='age'] { background: var(--d-good); }
.lk-devtools-life [data-part='refresh'] { border-inline: 2px solid var(--d-warn); }
.lk-devtools-life [data-part='margin'] { background: repeating-linear-gradient(135deg, var(--d-bad) 0 2px, transparent 2px 4px); }
.lk-devtools-life p, .lk-devtools-facts dt, .lk-devtools-log time, .lk-devtools-log li p, .lk-devtools-note { color: var(--d-muted); }
.lk-devtools-facts { display: grid; gap: 2px; }
.lk-devtools-facts div { display: grid; grid-template-columns: 116px minmax(0, 1fr); }
.lk-devtools-facts dd { overflow-wrap: anywhere; }
.lk-devtools-buttons { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
.lk-devtools-buttons button { min-height: 30px; padding: 3px 12px; border-radius: 10px; font-weight: 550; }
.lk-devtools-buttons button:hover { background: var(--d-hover); }
.lk-devtools-buttons button[aria-disabled='true'] { color: var(--d-muted); cursor: default; }
.lk-devtools-report textarea { display: block; width: 100%; border: 1px solid var(--d-control); border-radius: 8px; background: var(--d-panel); }
/* Turned round, so that it keeps to its end, where the newest is, without a script. */
.lk-devtools-log {
  display: flex;
  flex-direction: column-reverse;
  flex: 1 1 auto;
  min-height: 120px;
  border-block-start: 1px solid var(--d-line);
  padding-block-start: 6px;
  overflow-y: auto;
}
.lk-devtools-log ol { list-style: none; }
.lk-devtools-log li {
  display: grid;
  grid-template-columns: max-content minmax(0, 1fr);
  gap: 10px;
  padding: 3px 0 3px 8px;
  border-inline-start: 3px solid var(--d-line);
  overflow-wrap: anywhere;
}
.lk-devtools-log li[data-tone='good'] { border-color: var(--d-good); }
.lk-devtools-log li[data-tone='bad'] { border-color: var(--d-bad); }
.lk-devtools-log li[data-tone='bad'] code { color: var(--d-bad); }
@media (forced-colors: active) {
  .lk-devtools-dot, .lk-devtools-life [data-part='age'] { background: CanvasText; }
}
}`;
