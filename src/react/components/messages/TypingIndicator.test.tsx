import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeBackend } from '../../../testing/index.ts';
import { renderForAda } from '../../test-fixtures.tsx';
import { ChatWindow } from '../window/ChatWindow.tsx';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const USERS = ['Ada', 'Ben', 'Cy', 'Dan'].map((name) => ({ id: name.toLowerCase(), name }));

async function setup() {
  const members = USERS.map(({ id }) => id);
  const backend = createFakeBackend({ users: USERS, threads: [{ id: 't', members }] });
  renderForAda(backend, <ChatWindow threadId="t" />);
  const after = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  await after(100);
  const type = (userId: string, active = true) => act(() => backend.type({ threadId: 't', userId, active }));
  const shown = () => document.querySelector('.lk-typing-text')?.textContent;
  const spoken = () => document.querySelector('.lk-typing [role="status"]')?.textContent;
  const sent = () => backend.requests.flatMap(({ name, active }) => (name === 'sendTyping' ? [active] : []));
  return { backend, after, type, shown, spoken, sent };
}

test('names one, two, and no more; and nobody once it lapsed', async () => {
  const { after, type, shown } = await setup();
  expect(shown()).toBeUndefined();
  type('ben');
  expect(shown()).toBe('Ben is typing');
  type('cy');
  expect(shown()).toBe('Ben and Cy are typing');
  type('dan');
  expect(shown()).toBe('Several people are typing');
  type('cy', false);
  expect(shown()).toBe('Ben and Dan are typing');
  await after(7_000);
  expect(shown()).toBeUndefined();
});

test('its room is there before and after, so that nothing moves', async () => {
  const { type } = await setup();
  const room = document.querySelector('.lk-typing');
  expect(room?.getAttribute('data-typing')).toBe('false');
  type('ben');
  expect(document.querySelector('.lk-typing')).toBe(room);
  expect(room?.getAttribute('data-typing')).toBe('true');
});

test('is spoken when it lasts, once, and not at every pause', async () => {
  const { after, type, spoken } = await setup();
  const said: (string | undefined)[] = [];
  const watch = new MutationObserver(() => spoken() && said.push(spoken()));
  watch.observe(document.querySelector('.lk-typing [role="status"]')!, {
    childList: true,
    characterData: true,
    subtree: true,
  });
  type('ben');
  await after(500);
  type('ben', false);
  await after(500);
  expect(said).toEqual([]);
  for (let n = 0; n < 3; n++) {
    type('ben');
    await after(2_000);
    type('ben', false);
    await after(1_000);
  }
  expect(said).toEqual(['Ben is typing']);
});

test('the composer says that one writes, and that one no longer does; of a command nothing', async () => {
  const { sent } = await setup();
  const field = screen.getByRole('textbox');
  fireEvent.change(field, { target: { value: '/gif' } });
  expect(sent()).toEqual([]);
  fireEvent.change(field, { target: { value: 'Hello' } });
  fireEvent.change(field, { target: { value: 'Hello Ben' } });
  expect(sent()).toEqual([true]);
  fireEvent.change(field, { target: { value: '' } });
  expect(sent()).toEqual([true, false]);
});
