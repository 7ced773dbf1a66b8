// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { rehearse } from './rehearse.ts';
import { preloadMend } from './useMend.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('one of each that answers have is drawn once, and in no page', async () => {
  await preloadMend();
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
