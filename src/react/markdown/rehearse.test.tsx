// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ENGLISH } from '../strings.ts';
import { DEFAULT_LINK_POLICY } from './link-policy.ts';

beforeEach(() => vi.resetModules());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('one of each that answers have is drawn once, and in no page', async () => {
  const { rehearse } = await import('./rehearse.ts');
  await (await import('./useMend.ts')).preloadMend();
  vi.useFakeTimers();
  const create = vi.spyOn(document, 'createElement');
  const made = () => new Set(create.mock.calls.map(([type]) => type));
  const page = document.documentElement.outerHTML;
  const done = rehearse();
  expect(rehearse()).toBe(done);
  expect(made().has('p')).toBe(false);
  await vi.runAllTimersAsync();
  await done;
  for (const type of ['p', 'strong', 'em', 'code', 'a', 'ul', 'ol', 'li', 'table', 'td', 'figure', 'pre']) {
    expect(made(), type).toContain(type);
  }
  expect(document.documentElement.outerHTML).toBe(page);
});

test('it ends when an answer grows', async () => {
  const { rehearse } = await import('./rehearse.ts');
  const { GrowingView } = await import('./GrowingView.ts');
  const { MarkdownBlocks } = await import('./MarkdownBlocks.ts');
  await (await import('./useMend.ts')).preloadMend();
  const root = document.body.appendChild(document.createElement('div'));
  const blocks = new MarkdownBlocks({ breaks: false, mend: null });
  const context = { id: '', policy: DEFAULT_LINK_POLICY, strings: ENGLISH };
  const view = new GrowingView();
  view.show(root, { blocks, context, text: 'One', streaming: true });
  view.write('One two');
  vi.useFakeTimers();
  const create = vi.spyOn(document, 'createElement');
  const done = rehearse();
  await vi.runAllTimersAsync();
  await done;
  expect(create.mock.calls.map(([type]) => type)).toEqual(['div']);
  root.remove();
});
