import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeBackend, type FakeBackendOptions } from '../../../testing/index.ts';
import { renderForAda } from '../../test-fixtures.tsx';
import { ConnectionStatus } from './ConnectionStatus.tsx';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

async function open(options: FakeBackendOptions = {}) {
  const backend = createFakeBackend(options);
  renderForAda(backend, <ConnectionStatus />);
  await pass(10);
  return { backend, bar: screen.getByRole('status') };
}

test('it is empty while connected', async () => {
  const { bar } = await open();
  expect(bar.textContent).toBe('');
  expect(bar.dataset['status']).toBe('connected');
});

test('a break shorter than a second is not shown, a longer one is', async () => {
  const { backend, bar } = await open();
  act(() => backend.disconnect());
  await pass(900);
  expect(bar.textContent).toBe('');
  act(() => backend.goOnline());
  await pass(500);
  expect(bar.textContent).toBe('');
  act(() => backend.disconnect());
  await pass(1_100);
  expect(bar.textContent).toContain('Reconnecting…');
});

test('offline shows at once, with what it means and a way to try', async () => {
  const { backend, bar } = await open();
  act(() => backend.goOffline());
  await pass(0);
  expect(bar.textContent).toContain('Offline. Messages will be sent when you are back.');
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  act(() => backend.goOnline());
  await pass(10);
  expect(bar.textContent).toBe('');
});

test.each([
  ['unauthenticated', 'You are not signed in. Sign in again to go on.'],
  ['forbidden', 'You do not have access to this chat. Ask the owner of the app for access.'],
  ['user_mismatch', 'Something went wrong. Pass the id of the signed-in person'],
] as const)('closed by %s, it says what to do', async (code, words) => {
  const { bar } = await open({ connectionStatus: 'closed', connectionError: code });
  expect(bar.textContent).toContain(words);
});
