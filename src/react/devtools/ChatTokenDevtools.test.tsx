import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChatEventEntry, FetchToken } from '../../client/index.ts';
import { ChatError } from '../../protocol/index.ts';
import {
  createFakeBackend,
  createFakeFetchToken,
  createFakeToken,
  type FakeBackendOptions,
} from '../../testing/index.ts';
import { ChatProvider } from '../ChatProvider.tsx';
import { renderForAda } from '../test-fixtures.tsx';
import { ChatTokenDevtools } from './ChatTokenDevtools.tsx';
import { Timeline } from './Timeline.tsx';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

interface Setup {
  userId?: string | null;
  fetchToken?: FetchToken;
  backend?: FakeBackendOptions;
  children?: ReactNode;
}

async function setup(options: Setup = {}) {
  const { userId = 'ada', children = <ChatTokenDevtools initialIsOpen /> } = options;
  const fetchToken = vi.fn(options.fetchToken ?? createFakeFetchToken({ userId: 'ada' }));
  const backend = createFakeBackend(options.backend);
  const tree = (user: string | null) => (
    <ChatProvider userId={user} backend={backend} fetchToken={fetchToken}>
      {children}
    </ChatProvider>
  );
  const { rerender } = render(tree(userId));
  await pass(50);
  return { backend, fetchToken, signIn: (user: string | null) => rerender(tree(user)) };
}

const lines = () =>
  screen.queryAllByRole('listitem').map((item) => within(item).getByRole('time').nextSibling?.textContent);
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

/** The clipboard, as a page with HTTPS has it. */
function stubClipboard() {
  const copied: string[] = [];
  vi.stubGlobal('navigator', {
    ...{ onLine: true, userAgent: 'test' },
    clipboard: { writeText: (text: string) => Promise.resolve(void copied.push(text)) },
  });
  return copied;
}

test('the state, the claims and the timeline', async () => {
  const { backend } = await setup();
  const panel = within(screen.getByRole('region', { name: 'LatchKit devtools' }));
  expect(panel.getByText('The token is good.')).toBeTruthy();
  expect(panel.getByText('ada')).toBeTruthy();
  expect(panel.getByText('session-of-ada')).toBeTruthy();
  expect(panel.getByText(/^in 5 min, at /)).toBeTruthy();
  expect(panel.getByText('in step with this device’s')).toBeTruthy();
  expect(lines().map((line) => line?.trim())).toEqual([
    'Connecting',
    'Asked for the first token',
    'First token: good for 5 min',
    'Connected',
  ]);
  act(() => backend.disconnect());
  expect(lines().at(-1)).toMatch(/^Connection lost, opening it again connection_lost.*it is opened again\.$/);
});

test('the life as a meter', async () => {
  await setup();
  await pass(119_950);
  const meter = screen.getByRole('meter', { name: 'Life of the token' });
  expect(meter.getAttribute('aria-valuenow')).toBe('120');
  expect(meter.getAttribute('aria-valuemax')).toBe('300');
  expect(meter.getAttribute('aria-valuetext')).toMatch(
    /^2 min old\. Renewed between 3 min 30 s and 4 min, not used after 4 min 55 s, lapses at 5 min\.$/,
  );
});

test('it only watches: no token is asked for, and none renewed, on its account', async () => {
  const { fetchToken } = await setup({ backend: { connectionStatus: 'offline' } });
  await pass(60_000);
  expect(screen.getByText('Nobody has asked for a token yet.')).toBeTruthy();
  expect(fetchToken).not.toHaveBeenCalled();
  press('Renew now');
  await pass(50);
  expect(fetchToken).toHaveBeenCalledTimes(1);
  await pass(280_000);
  expect(fetchToken).toHaveBeenCalledTimes(1);
});

test('“Renew now”, also pressed again and again, renews and harms nothing', async () => {
  const { fetchToken } = await setup();
  for (let turn = 1; turn <= 3; turn += 1) {
    press('Renew now');
    expect(screen.getByRole('button', { name: 'Renewing…' })).toBeTruthy();
    press('Renewing…');
    await pass(5_000);
    expect(fetchToken).toHaveBeenCalledTimes(turn + 1);
  }
  expect(screen.getByText('The token is good.')).toBeTruthy();
  expect(lines().filter((line) => line?.startsWith('Renewed: good for 5 min'))).toHaveLength(3);
  expect(fetchToken.mock.calls.map(([{ reason }]) => reason)).toEqual(['initial', 'refresh', 'refresh', 'refresh']);
});

test('a failure comes with its code, its remedy and the next attempt', async () => {
  await setup({ fetchToken: createFakeFetchToken({ userId: 'ada', fault: 'token_endpoint_unavailable' }) });
  expect(lines().find((line) => line?.startsWith('No token'))).toMatch(
    /^No token token_endpoint_unavailable.*Check that the token endpoint is mounted and reachable.* Tried again in \d+ ms\.$/,
  );
  cleanup();
  await setup({ fetchToken: createFakeFetchToken({ userId: 'ada', fault: 'forbidden' }) });
  expect(screen.getByText('The app says that this person may not. It is not asked again.')).toBeTruthy();
  expect(lines().find((line) => line?.startsWith('No token'))).toMatch(/forbidden.*Ask the owner.* Not tried again\.$/);
});

test('T46 the raw token is neither in the DOM nor in the copied report, not even where an app’s error carries it', async () => {
  const copied = stubClipboard();
  const raw = createFakeToken({ userId: 'ada' });
  let asked = 0;
  await setup({
    fetchToken: () => {
      asked += 1;
      if (asked === 1) return Promise.resolve(raw);
      return Promise.reject(
        new ChatError('token_endpoint_unavailable', `GET /t?token=${raw} said no`, { cause: new Error(raw) }),
      );
    },
  });
  await pass(5_000);
  press('Renew now');
  await pass(5_000);
  press('Copy report');
  await pass(0);
  expect(screen.getByText('Copied, without the token.')).toBeTruthy();
  expect(asked).toBeGreaterThan(1);
  const dom = document.documentElement.outerHTML;
  const report = copied[0] ?? '';
  for (const text of [dom, report]) {
    expect(text).toContain('GET /t?token=[redacted] said no');
    expect(text).not.toMatch(/eyJ/);
    for (const part of raw.split('.').slice(0, 2)) expect(text).not.toContain(part);
  }
});

test('the report says what there is, as JSON', async () => {
  const copied = stubClipboard();
  await setup();
  press('Copy report');
  await pass(0);
  const report = JSON.parse(copied[0] ?? '') as Record<string, unknown> & { events: object[] };
  expect(report).toMatchObject({
    userId: 'ada',
    status: 'ready',
    error: null,
    held: { claims: { sub: 'ada', sid: 'session-of-ada' } },
    connection: { status: 'connected' },
  });
  expect(report.events).toMatchObject([
    { id: 1, type: 'connection', status: 'connecting' },
    { id: 2, type: 'fetch', reason: 'initial', attempt: 1 },
    { id: 3, type: 'token', reason: 'initial', lifetimeMs: 300_000 },
    { id: 4, type: 'connection', status: 'connected' },
  ]);
});

test('where the page may not copy, the report stands there to be copied by hand', async () => {
  vi.stubGlobal('navigator', { onLine: true, userAgent: 'test' });
  await setup();
  press('Copy report');
  await pass(0);
  const field: HTMLTextAreaElement = screen.getByRole('textbox', { name: /Copy it by hand/ });
  expect(JSON.parse(field.value)).toMatchObject({ userId: 'ada' });
});

test('“Clear” empties the timeline; what comes after is shown', async () => {
  const { backend } = await setup();
  press('Clear');
  expect(lines()).toEqual([]);
  expect(screen.getByText('Nothing has happened since.')).toBeTruthy();
  act(() => backend.goOffline());
  expect(lines()).toEqual(['No network ']);
});

test('an event that it does not know is shown by its name and what it carries, without secrets', () => {
  const raw = createFakeToken({ userId: 'ada' });
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const of = (id: number, event: object) => ({ id, at: 0, event }) as unknown as ChatEventEntry;
  render(
    <Timeline
      entries={[
        of(1, { type: 'tab-elected', leader: true, token: 'opaque-and-secret' }),
        of(2, { type: 'tab-heard', from: `see ${raw}`, error: new Error(`with ${raw}`) }),
        of(3, { type: 'tab-lost', circular }),
        of(4, { type: 'tab-quiet' }),
      ]}
    />,
  );
  expect(lines()).toEqual([
    'tab-elected {"leader":true,"token":"[redacted]"}',
    'tab-heard {"from":"see [redacted]","error":{"name":"Error","message":"with [redacted]"}}',
    'tab-lost "[not to be shown as JSON]"',
    'tab-quiet ',
  ]);
});

test('another person’s chat is another timeline; signed out, it says so', async () => {
  const { signIn } = await setup({ fetchToken: createFakeFetchToken({ userId: 'ada' }) });
  press('Clear');
  signIn('ben');
  await pass(50);
  expect(lines().find((line) => line?.startsWith('No token'))).toMatch(/user_mismatch/);
  signIn(null);
  await pass(50);
  expect(screen.getByText('Nobody is signed in.')).toBeTruthy();
  expect(lines()).toEqual([]);
});

test('a claim of an unexpected kind and an opaque token are borne', async () => {
  const claims = { sid: { device: 7 } } as unknown as Record<string, string>;
  await setup({ fetchToken: createFakeFetchToken({ userId: 'ada', claims }) });
  expect(screen.getByText('{"device":7}')).toBeTruthy();
  cleanup();
  await setup({ fetchToken: () => Promise.resolve({ token: 'opaque-and-secret', expires_in: 60 }) });
  expect(screen.getAllByText('not to be read: the token is opaque')).toHaveLength(2);
  expect(document.body.innerHTML).not.toContain('opaque-and-secret');
});

test('the button opens and closes it; Escape closes it and gives the focus back', async () => {
  vi.useRealTimers();
  const user = userEvent.setup();
  const backend = createFakeBackend();
  renderForAda(backend, <ChatTokenDevtools position="top-right" theme="dark" />);
  const button = await screen.findByRole('button', { name: 'LatchKit devtools, token: ready' });
  expect(button.getAttribute('aria-expanded')).toBe('false');
  expect(screen.queryByRole('region')).toBeNull();
  await user.tab();
  await user.keyboard('{Enter}');
  expect(button.getAttribute('aria-expanded')).toBe('true');
  await user.tab();
  expect(document.activeElement?.textContent).toBe('Renew now');
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('region')).toBeNull();
  expect(document.activeElement).toBe(button);
  expect(button.parentElement?.dataset).toMatchObject({ position: 'top-right', lkTheme: 'dark' });
});
