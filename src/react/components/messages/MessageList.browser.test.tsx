import { useEffect } from 'react';
import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { createFakeBackend, createFakeFetchToken, type FakeBackend, type FakeMessage } from '../../../testing/index.ts';
import { ChatProvider } from '../../ChatProvider.tsx';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import '../../styles/index.css';
import { ChatWindow } from '../window/ChatWindow.tsx';

const LINES = [
  'Short one.',
  'A message that is long enough to be laid out on two or three lines in a window as narrow as this one is.',
  'First paragraph.\n\nSecond paragraph, with a line\nbreak in it.',
];

const history = (count: number): FakeMessage[] =>
  Array.from({ length: count }, (_, index) => ({
    author: index % 5 === 4 ? 'me' : index % 3 === 0 ? 'ada' : 'ben',
    text: `#${index + 1} ${LINES[index % LINES.length] ?? ''}`,
    minutesAgo: (count - index) * 2,
  }));

const frames = (count = 3) =>
  new Promise<void>((resolve) => {
    const step = (left: number) => (left === 0 ? resolve() : requestAnimationFrame(() => step(left - 1)));
    step(count);
  });
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function open(messages: number): Promise<{ backend: FakeBackend; viewport: HTMLElement; host: HTMLElement }> {
  const backend = createFakeBackend({ threads: [{ id: 'help', title: 'Help desk', messages: history(messages) }] });
  const screen = await render(
    <div style={{ width: 390, height: 600 }} data-testid="host">
      <ChatProvider userId="me" backend={backend} fetchToken={createFakeFetchToken({ userId: 'me' })}>
        <ChatWindow threadId="help" />
      </ChatProvider>
    </div>,
  );
  await expect.element(screen.getByText(`#${messages} `, { exact: false })).toBeVisible();
  // The list that moves through all of them, which is another element than what stands for it while it is loaded.
  await expect.poll(() => screen.container.querySelector('.lk-viewport > [style]')).not.toBeNull();
  await frames(5);
  return {
    backend,
    viewport: screen.getByRole('log').element() as HTMLElement,
    host: screen.getByTestId('host').element() as HTMLElement,
  };
}

const fromBottom = (viewport: HTMLElement) => viewport.scrollHeight - viewport.scrollTop - viewport.clientHeight;
const receive = (backend: FakeBackend, text: string) => backend.receive({ threadId: 'help', author: 'ada', text });

/** As a hand on a wheel does it: the event, and the movement that a trusted one would bring. */
function wheel(viewport: HTMLElement, deltaY: number): void {
  viewport.dispatchEvent(new WheelEvent('wheel', { deltaY, bubbles: true }));
  viewport.scrollTop += deltaY;
}

function rowAt(viewport: HTMLElement): { text: string; top: number } {
  const edge = viewport.getBoundingClientRect().top;
  const rows = [...viewport.querySelectorAll<HTMLElement>('.lk-message')];
  const first = rows.find((row) => row.getBoundingClientRect().top >= edge);
  if (!first) throw new Error('no row is visible');
  return { text: first.textContent, top: first.getBoundingClientRect().top };
}

function topOf(viewport: HTMLElement, text: string): number {
  const row = [...viewport.querySelectorAll<HTMLElement>('.lk-message')].find((item) => item.textContent === text);
  if (!row) throw new Error(`the row is gone: ${text}`);
  return row.getBoundingClientRect().top;
}

/** The first visible row, once nothing has moved for some frames. */
async function atRest(viewport: HTMLElement): Promise<ReturnType<typeof rowAt>> {
  let last = rowAt(viewport);
  for (let still = 0; still < 6; still += 1) {
    await frames(1);
    const now = rowAt(viewport);
    if (now.text !== last.text || now.top !== last.top) still = 0;
    last = now;
  }
  return last;
}

test('it opens at the newest message', async () => {
  const { viewport } = await open(40);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test('L2 at the bottom it follows a burst, however tall', async () => {
  const { backend, viewport } = await open(40);
  for (let index = 0; index < 30; index += 1) {
    receive(backend, `burst ${index} `.repeat(60));
    if (index % 5 === 0) await frames(1);
  }
  await frames(5);
  expect(viewport.textContent).toContain('burst 29');
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test('L2 a preview that comes to the newest message is followed, and one above what is read moves nothing', async () => {
  const { backend, viewport } = await open(40);
  const preview = (place: number) => {
    const { id: messageId } = backend.messages('help')[place]!;
    const url = `https://docs.example/${place}`;
    const found = { url, host: 'docs.example', siteName: null, title: `Page ${place}`, description: 'About it' };
    backend.preview({ threadId: 'help', messageId, previews: [found] });
  };
  preview(39);
  await expect.poll(() => viewport.textContent).toContain('Page 39');
  await frames(5);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
  wheel(viewport, -400);
  const before = await atRest(viewport);
  const rows = [...viewport.querySelectorAll<HTMLElement>('.lk-message')].map((row) => row.textContent);
  // Mounted, and out of sight.
  const above = backend.messages('help').findIndex(({ id }) => {
    const row = viewport.querySelector<HTMLElement>(`[data-message-id="${id}"]`);
    return row !== null && row.textContent === rows[rows.indexOf(before.text) - 2];
  });
  preview(above);
  await expect.poll(() => viewport.textContent).toContain(`Page ${above}`);
  await frames(5);
  expect(Math.abs(topOf(viewport, before.text) - before.top)).toBeLessThanOrEqual(1);
});

test('L2 scrolled up it stays, counts others’ messages, and the button leads down', async () => {
  const { backend, viewport, host } = await open(40);
  wheel(viewport, -400);
  await frames();
  const before = rowAt(viewport);
  receive(backend, 'one more');
  receive(backend, 'and another');
  await frames();
  expect(Math.abs(topOf(viewport, before.text) - before.top)).toBeLessThanOrEqual(1);
  expect(viewport.getAttribute('aria-live')).toBe('off');
  const button = host.querySelector<HTMLButtonElement>('.lk-to-latest');
  expect(button?.textContent).toBe('2 new messages');
  button?.click();
  await frames(5);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
  expect(host.querySelector('.lk-to-latest')).toBeNull();
  receive(backend, 'followed again');
  await frames(5);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test('L2 a small movement up releases it too, and coming back to the bottom follows again', async () => {
  const { backend, viewport } = await open(40);
  wheel(viewport, -30);
  await frames();
  receive(backend, 'not followed '.repeat(30));
  await frames();
  expect(fromBottom(viewport)).toBeGreaterThan(30);
  wheel(viewport, 5_000);
  await frames();
  receive(backend, 'followed '.repeat(30));
  await frames(5);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test('L2 a movement up in the moment of an arrival is not undone, through rows never measured before', async () => {
  const { backend, viewport } = await open(50);
  receive(backend, 'just now');
  await frames(1);
  const bottom = viewport.scrollTop;
  for (let turn = 0; turn < 12; turn += 1) {
    wheel(viewport, -120);
    await frames(1);
  }
  await wait(250);
  expect(bottom - viewport.scrollTop).toBeGreaterThan(1_200);
});

test('L2 whoever comes to the bottom because the list became shorter follows again', async () => {
  const { backend, viewport } = await open(41);
  wheel(viewport, -20);
  await frames();
  expect(viewport.dataset['following']).toBe('false');
  // A text of some lines becomes one line.
  backend.delete({ threadId: 'help', messageId: 'help-41' });
  // Without a moment's rest, at a bottom that nothing moves further down from.
  for (let turn = 0; turn < 30 && viewport.dataset['following'] === 'false'; turn += 1) {
    wheel(viewport, 500);
    await frames(2);
  }
  expect(viewport.dataset['following']).toBe('true');
  receive(backend, 'followed');
  await expect.poll(() => viewport.textContent).toContain('followed');
  await expect.poll(() => fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test('L2 keys move up, and release it', async () => {
  const { backend, viewport } = await open(40);
  viewport.focus();
  await userEvent.keyboard('{PageUp}');
  await wait(300);
  expect(fromBottom(viewport)).toBeGreaterThan(50);
  const before = rowAt(viewport);
  receive(backend, 'not followed');
  await frames();
  expect(Math.abs(topOf(viewport, before.text) - before.top)).toBeLessThanOrEqual(1);
});

/** With the reader further up, and something written that is not sent yet. */
async function openToWrite() {
  const opened = await open(40);
  wheel(opened.viewport, -700);
  await frames();
  expect(fromBottom(opened.viewport)).toBeGreaterThan(500);
  const box = opened.host.querySelector('textarea');
  if (!box) throw new Error('no composer');
  await userEvent.fill(box, 'mine');
  return { ...opened, box };
}

test('L2 one’s own send always scrolls down', async () => {
  const { viewport } = await openToWrite();
  await userEvent.keyboard('{Enter}');
  // Its row is made once the list has scrolled there: on a busy machine that takes more than some frames.
  await expect.poll(() => viewport.textContent, { timeout: 3_000 }).toContain('mine');
  await expect.poll(() => fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test('L2 one’s own send scrolls down also where it is stored before the next frame', async () => {
  const { viewport, backend, box } = await openToWrite();
  // The frame is told of this one; of what is sent after it, and acknowledged at once, the next frame is.
  await frames(1);
  receive(backend, 'theirs');
  await wait(0);
  box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  await expect.poll(() => viewport.textContent, { timeout: 3_000 }).toContain('mine');
  await expect.poll(() => fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test.each([150, 0])(
  'L1 older pages keep the first visible row within a pixel, %i px from the top',
  async (distance) => {
    const { viewport, backend } = await open(400);
    let worst = 0;
    for (let page = 0; page < 5; page += 1) {
      const asked = backend.requests.filter(({ name }) => name === 'loadOlder').length;
      backend.setFault('loadOlder', 'never-answers');
      wheel(viewport, distance - viewport.scrollTop);
      // Rows that came into view push each other until they are measured: the page is held back so long, however slow the machine.
      const before = await atRest(viewport);
      expect(viewport.scrollTop).toBeLessThan(distance + 150);
      backend.setFault('loadOlder', null);
      await expect.poll(() => viewport.scrollTop, { timeout: 3_000 }).toBeGreaterThan(800);
      for (let frame = 0; frame < 4; frame += 1) {
        await frames(1);
        worst = Math.max(worst, Math.abs(topOf(viewport, before.text) - before.top));
      }
      // L5: one request a page.
      expect(backend.requests.filter(({ name }) => name === 'loadOlder').length).toBe(asked + 1);
    }
    expect(worst).toBeLessThanOrEqual(1);
  },
);

test('L1 the fractions of a pixel that a browser cannot scroll by do not add up', async () => {
  const { viewport } = await open(60);
  wheel(viewport, -700);
  await atRest(viewport);
  const before = viewport.scrollTop;
  for (let n = 0; n < 10; n += 1) viewport.scrollBy({ top: 0.4, behavior: 'instant' });
  expect(viewport.scrollTop - before).toBe(4);
  for (let n = 0; n < 10; n += 1) viewport.scrollBy({ top: -0.4, behavior: 'instant' });
  expect(viewport.scrollTop - before).toBe(0);
});

test('L1 a page that comes at once, before its own place was heard of, leaves the reader where they are', async () => {
  const { viewport, backend } = await open(400);
  const asked = () => backend.requests.filter(({ name }) => name === 'loadOlder').length;
  for (let first = 351; first > 51; first -= 50) {
    const before = asked();
    wheel(viewport, -viewport.scrollTop);
    await expect.poll(asked).toBeGreaterThan(before);
    await frames(5);
    await atRest(viewport);
    expect(asked(), 'pages for one movement').toBe(before + 1);
    const row = viewport.querySelector(`[data-message-id="help-${first}"]`)?.getBoundingClientRect();
    const below = (row?.top ?? NaN) - viewport.getBoundingClientRect().top;
    // Under its separator, as far as what came in sight with it pushed it until it was measured.
    expect(below, 'the first row that was there').toBeGreaterThan(0);
    expect(below, 'the first row that was there').toBeLessThan(100);
  }
});

test('L5 a short thread asks for nothing', async () => {
  const { backend, viewport } = await open(3);
  await wait(200);
  expect(backend.requests.map(({ name }) => name)).not.toContain('loadOlder');
  expect(viewport.scrollHeight).toBe(viewport.clientHeight);
});

test('L7 a long thread mounts few rows', async () => {
  const { viewport } = await open(50);
  expect(viewport.querySelectorAll('.lk-message').length).toBeLessThan(30);
});

test('L9 a growing composer and a smaller window keep the bottom', async () => {
  const { viewport, host } = await open(40);
  const box = host.querySelector('textarea');
  if (!box) throw new Error('no composer');
  const height = viewport.clientHeight;
  await userEvent.fill(box, 'line\n'.repeat(6));
  await frames(4);
  expect(viewport.clientHeight).toBeLessThan(height - 80);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
  host.style.height = '420px';
  await frames(4);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
  host.style.height = '700px';
  await frames(4);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test('L6 appending remounts no row', async () => {
  const { backend, viewport } = await open(40);
  const rows = [...viewport.querySelectorAll('.lk-message')];
  const last = rows.at(-1);
  receive(backend, 'next');
  await frames();
  expect(last?.isConnected).toBe(true);
});

/** Where a message stands between the top (0) and the bottom (1) of the list. */
function placeOf(viewport: HTMLElement, messageId: string): number {
  const row = viewport.querySelector(`[data-message-id="${messageId}"]`);
  if (!row) return NaN;
  const [edge, box] = [viewport.getBoundingClientRect(), row.getBoundingClientRect()];
  return ((box.top + box.bottom) / 2 - edge.top) / edge.height;
}

const CENTRE = { from: 0.35, to: 0.65 };

async function expectInTheMiddle(viewport: HTMLElement, messageId: string): Promise<void> {
  await expect.poll(() => placeOf(viewport, messageId)).toBeGreaterThan(CENTRE.from);
  await atRest(viewport);
  expect(placeOf(viewport, messageId)).toBeGreaterThan(CENTRE.from);
  expect(placeOf(viewport, messageId)).toBeLessThan(CENTRE.to);
}

test('L4 it opens at the message of a link, pages from the newest, and goes on to the newest page by page', async () => {
  const backend = createFakeBackend({ threads: [{ id: 'help', title: 'Help desk', messages: history(400) }] });
  const screen = await render(
    <div style={{ width: 390, height: 600 }}>
      <ChatProvider userId="me" backend={backend} fetchToken={createFakeFetchToken({ userId: 'me' })}>
        <ChatWindow threadId="help" messageId="help-120" />
      </ChatProvider>
    </div>,
  );
  await expect.element(screen.getByText('#120 ', { exact: false })).toBeVisible();
  const viewport = screen.getByRole('log').element() as HTMLElement;
  await expectInTheMiddle(viewport, 'help-120');
  expect(viewport.querySelector('[data-highlighted=true]')?.getAttribute('data-message-id')).toBe('help-120');
  // What comes meanwhile is counted and moves nothing.
  const rest = await atRest(viewport);
  receive(backend, 'something new');
  await expect.element(screen.getByRole('button', { name: '1 new message' })).toBeVisible();
  expect(await atRest(viewport)).toEqual(rest);
  const asked = () => backend.requests.filter(({ name }) => name === 'loadNewer').length;
  // 120 stands with 25 after it, and the newest 50 are here: five pages of 50 lie between.
  for (let turn = 0; turn < 400 && viewport.dataset['following'] === 'false'; turn += 1) {
    wheel(viewport, 500);
    await frames(2);
  }
  expect(viewport.textContent).toContain('something new');
  expect(asked()).toBe(5);
  receive(backend, 'and one more');
  await expect.poll(() => viewport.textContent).toContain('and one more');
  await expect.poll(() => fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test('L4 what is here is gone to at once, the newest without asking, and one’s own send goes to it', async () => {
  const backend = createFakeBackend({ threads: [{ id: 'help', title: 'Help desk', messages: history(300) }] });
  const jump: { to?: (messageId: string) => Promise<void> } = {};
  function Handle() {
    const { jumpTo } = useMessageActions('help');
    useEffect(() => {
      jump.to = jumpTo;
    }, [jumpTo]);
    return null;
  }
  const screen = await render(
    <div style={{ width: 390, height: 600 }}>
      <ChatProvider userId="me" backend={backend} fetchToken={createFakeFetchToken({ userId: 'me' })}>
        <ChatWindow threadId="help" />
        <Handle />
      </ChatProvider>
    </div>,
  );
  await expect.element(screen.getByText('#300 ', { exact: false })).toBeVisible();
  const viewport = screen.getByRole('log').element() as HTMLElement;
  await jump.to?.('help-260');
  await expectInTheMiddle(viewport, 'help-260');
  expect(backend.requests.filter(({ name }) => name === 'loadAround')).toEqual([]);
  await jump.to?.('help-20');
  await expectInTheMiddle(viewport, 'help-20');
  // The same again, from elsewhere in the window.
  wheel(viewport, -2000);
  await atRest(viewport);
  await jump.to?.('help-20');
  await expectInTheMiddle(viewport, 'help-20');
  // What was read is told meanwhile: that reads nothing.
  const pages = () => backend.requests.filter(({ name }) => /^(?:open|load)/.test(name)).length;
  const before = pages();
  await userEvent.click(screen.getByRole('button', { name: 'Go to the latest messages' }));
  await expect.poll(() => fromBottom(viewport)).toBeLessThanOrEqual(1);
  await expect.poll(() => viewport.textContent).toContain('#300 ');
  expect(pages()).toBe(before);
  await jump.to?.('help-100');
  await expectInTheMiddle(viewport, 'help-100');
  await userEvent.fill(screen.getByRole('textbox'), 'what I say');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => viewport.textContent).toContain('what I say');
  await expect.poll(() => fromBottom(viewport)).toBeLessThanOrEqual(1);
  await jump.to?.('nowhere').catch(() => {});
  await expect.element(screen.getByText('This message cannot be shown')).toBeVisible();
});
