import { useEffect, useState } from 'react';
import { expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { textOf } from '../../../protocol/index.ts';
import { createFakeBackend, createFakeFetchToken, type FakeBackend, type FakeMessage } from '../../../testing/index.ts';
import { ChatProvider, type ChatProviderProps } from '../../ChatProvider.tsx';
import '../../styles/index.css';
import type { MessageContentProps } from '../types.ts';
import { ChatWindow } from '../window/ChatWindow.tsx';

const history = (count: number): FakeMessage[] =>
  Array.from({ length: count }, (_, index) => ({
    author: index % 5 === 4 ? 'me' : index % 3 === 0 ? 'ada' : 'ben',
    text: `#${index + 1} ${'A message of some lines. '.repeat(1 + (index % 4))}`,
    minutesAgo: (count - index) * 2,
  }));

const frames = (count = 3) =>
  new Promise<void>((resolve) => {
    const step = (left: number) => (left === 0 ? resolve() : requestAnimationFrame(() => step(left - 1)));
    step(count);
  });

async function open(
  count: number,
  { pageSize, ...props }: Partial<ChatProviderProps> & { pageSize?: number } = {},
): Promise<{ backend: FakeBackend; viewport: HTMLElement; host: HTMLElement }> {
  const backend = createFakeBackend({ pageSize, threads: [{ id: 'help', title: 'Help', messages: history(count) }] });
  const screen = await render(
    <div style={{ width: 390, height: 600 }} data-testid="host">
      <ChatProvider userId="me" backend={backend} fetchToken={createFakeFetchToken({ userId: 'me' })} {...props}>
        <ChatWindow threadId="help" />
      </ChatProvider>
    </div>,
  );
  await expect.poll(() => screen.container.textContent, { timeout: 10_000 }).toContain(`#${count} `);
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

function wheel(viewport: HTMLElement, deltaY: number): void {
  viewport.dispatchEvent(new WheelEvent('wheel', { deltaY, bubbles: true }));
  viewport.scrollTop += deltaY;
}

const rowsIn = (viewport: HTMLElement) => [...viewport.querySelectorAll<HTMLElement>('[data-message-id]')];
const topOf = (viewport: HTMLElement, id: string) =>
  rowsIn(viewport)
    .find((row) => row.dataset['messageId'] === id)
    ?.getBoundingClientRect().top ?? NaN;

function firstVisible(viewport: HTMLElement): { id: string; top: number } {
  const edge = viewport.getBoundingClientRect().top;
  const row = rowsIn(viewport).find((each) => each.getBoundingClientRect().top >= edge);
  return { id: row?.dataset['messageId'] ?? '', top: row?.getBoundingClientRect().top ?? NaN };
}

async function atRest(viewport: HTMLElement): Promise<{ id: string; top: number }> {
  let last = firstVisible(viewport);
  for (let still = 0; still < 10; still += 1) {
    await frames(1);
    const now = firstVisible(viewport);
    if (now.id !== last.id || now.top !== last.top) still = 0;
    last = now;
  }
  return last;
}

/** A picture that says nothing of its size until it is there, a moment after its row. */
const PICTURE = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90"/>')}`;
const seen = new Set<string>();

function LatePicture({ parts }: MessageContentProps) {
  const text = textOf(parts);
  return (
    <div className="lk-content">
      {text}
      <img
        alt=""
        ref={(image) => {
          if (!image) return undefined;
          if (seen.has(text)) {
            image.src = PICTURE;
            return undefined;
          }
          const timer = setTimeout(() => {
            seen.add(text);
            image.src = PICTURE;
          }, 60);
          return () => clearTimeout(timer);
        }}
      />
    </div>
  );
}

test('L1 eight pages in a row, their pictures coming late, move the first visible row by no more than a pixel', async () => {
  const { backend, viewport } = await open(900, { components: { MessageContent: LatePicture } });
  let worst = 0;
  for (let page = 0; page < 8; page += 1) {
    const asked = () => backend.requests.filter(({ name }) => name === 'loadOlder').length;
    const already = asked();
    backend.setFault('loadOlder', 'never-answers');
    await expect
      .poll(() => {
        wheel(viewport, 100 - viewport.scrollTop);
        return asked();
      })
      .toBeGreaterThan(already);
    const before = await atRest(viewport);
    const height = viewport.scrollHeight;
    backend.setFault('loadOlder', null);
    await expect.poll(() => viewport.scrollHeight).toBeGreaterThan(height + 500);
    // Until the pictures of the rows around have come, and some frames more.
    const end = performance.now() + 250;
    while (performance.now() < end) {
      await frames(1);
      worst = Math.max(worst, Math.abs(topOf(viewport, before.id) - before.top));
    }
  }
  expect(worst).toBeLessThanOrEqual(1);
});

test('L3 a status change moves nothing, at the bottom or further up', async () => {
  const { backend, viewport } = await open(60);
  wheel(viewport, -700);
  const before = await atRest(viewport);
  const { id } = backend.messages('help')[5] ?? { id: '' };
  backend.edit({ threadId: 'help', messageId: id, text: 'changed far above' });
  backend.react({ threadId: 'help', messageId: before.id, userId: 'ada', emoji: '👍' });
  await frames(5);
  expect(Math.abs(topOf(viewport, before.id) - before.top)).toBeLessThanOrEqual(1);
  expect(viewport.dataset['following']).toBe('false');
});

test('L6 a film that plays goes on while messages arrive', async () => {
  const canvas = document.createElement('canvas');
  const ink = canvas.getContext('2d');
  const stream = canvas.captureStream(30);
  const drawing = setInterval(() => ink?.fillRect(0, 0, Math.random() * 90, 50), 30);
  const Film = ({ parts }: MessageContentProps) =>
    textOf(parts).startsWith('#40 ') ? (
      <video
        muted
        autoPlay
        ref={(video) => {
          if (!video || video.srcObject) return;
          video.srcObject = stream;
          void video.play();
        }}
        width={100}
        height={50}
      />
    ) : (
      <p>{textOf(parts)}</p>
    );
  const { backend, viewport } = await open(39, { components: { MessageContent: Film } });
  backend.receive({ threadId: 'help', author: 'ada', text: '#40 film' });
  await expect.poll(() => viewport.querySelector('video')?.paused).toBe(false);
  const film = viewport.querySelector('video');
  let stops = 0;
  film?.addEventListener('pause', () => (stops += 1));
  film?.addEventListener('emptied', () => (stops += 1));
  for (let index = 0; index < 5; index += 1) {
    backend.receive({ threadId: 'help', author: 'ben', text: `after ${index}` });
    await frames(2);
  }
  clearInterval(drawing);
  expect([film?.isConnected, film?.paused, stops]).toEqual([true, false, 0]);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test(
  'L7 100,000 messages: few elements, at the newest, in the middle and after a long way',
  { timeout: 60_000 },
  async () => {
    const { viewport, host } = await open(100_000, { pageSize: 100_000 });
    const elements = () => host.querySelectorAll('*').length;
    expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
    expect(elements()).toBeLessThan(400);
    wheel(viewport, -viewport.scrollHeight / 2);
    await atRest(viewport);
    expect(rowsIn(viewport).length).toBeGreaterThan(3);
    expect(elements()).toBeLessThan(400);
    for (let turn = 0; turn < 60; turn += 1) {
      wheel(viewport, -133);
      await frames(1);
    }
    await atRest(viewport);
    expect(rowsIn(viewport).length).toBeGreaterThan(3);
    expect(elements()).toBeLessThan(400);
  },
);

test('L7 a long thread opens at its newest: those rows are made once, few are made that do not stay, and no frame shows others', async () => {
  const made: string[] = [];
  const Counted = ({ parts }: MessageContentProps) => {
    const [text] = useState(() => textOf(parts));
    useEffect(() => void made.push(text), [text]);
    return <p className="lk-content">{text}</p>;
  };
  const shown: boolean[] = [];
  const watch = () => {
    const viewport = document.querySelector('.lk-viewport');
    const rows = viewport ? rowsIn(viewport as HTMLElement) : [];
    const edge = viewport?.getBoundingClientRect().bottom ?? 0;
    const last = rows.at(-1)?.getBoundingClientRect();
    if (last) shown.push(rows.at(-1)?.textContent.includes('#500 ') === true && last.bottom <= edge + 1);
  };
  const channel = new MessageChannel();
  channel.port1.onmessage = watch;
  let watching = true;
  const tick = () => {
    channel.port2.postMessage(null);
    if (watching) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  const { viewport } = await open(500, { pageSize: 500, components: { MessageContent: Counted } });
  await frames(15);
  watching = false;
  const newest = made.filter((text) => /^#(?:49[3-9]|500) /.test(text));
  expect(newest.length).toBe(new Set(newest).size);
  expect(made.length - rowsIn(viewport).length).toBeLessThanOrEqual(4);
  expect(shown).not.toContain(false);
});

test('L7 under a dragged scrollbar shapes stand where rows cannot be in time, and rows once it rests', async () => {
  const { viewport } = await open(5_000, { pageSize: 5_000 });
  const shapes = () => getComputedStyle(viewport.lastElementChild!).backgroundImage;
  wheel(viewport, -300);
  await frames(2);
  expect([viewport.dataset['following'], shapes()]).toEqual(['false', 'none']);
  for (let turn = 0; turn < 5; turn += 1) {
    viewport.scrollTop -= 4_000;
    await frames(1);
  }
  await frames(1);
  expect(shapes()).toContain('gradient');
  await expect.poll(shapes).toBe('none');
  const { top, bottom } = viewport.getBoundingClientRect();
  const shown = rowsIn(viewport).filter((row) => {
    const box = row.getBoundingClientRect();
    return box.bottom > top && box.top < bottom;
  });
  expect(shown.length).toBeGreaterThan(3);
});

test('L8 who asks for less motion gets none: no animation runs, and the way to the newest is no glide', async () => {
  const emulate = (value: string) =>
    cdp().send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-reduced-motion', value }] });
  await emulate('reduce');
  try {
    const { backend, viewport, host } = await open(60);
    wheel(viewport, -900);
    await frames(4);
    backend.receive({ threadId: 'help', author: 'ada', text: 'one more' });
    await expect.poll(() => host.querySelector('.lk-to-latest')).not.toBeNull();
    expect(host.getAnimations({ subtree: true })).toEqual([]);
    host.querySelector<HTMLButtonElement>('.lk-to-latest')?.click();
    await frames(3);
    expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
  } finally {
    await emulate('');
  }
});

test('L9 a keyboard on the screen that takes half of the window keeps the bottom', async () => {
  const { viewport, host } = await open(60);
  for (const height of ['320px', '600px', '340px']) {
    host.style.height = height;
    await frames(5);
    expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
  }
});

test('L11 messages arrive in a log that is read politely, each an article with a name', async () => {
  const { backend, viewport } = await open(20);
  backend.receive({ threadId: 'help', author: 'ada', text: 'said aloud' });
  await expect.poll(() => viewport.textContent).toContain('said aloud');
  expect([viewport.getAttribute('role'), viewport.getAttribute('aria-live')]).toEqual(['log', 'polite']);
  expect(rowsIn(viewport).at(-1)?.getAttribute('aria-label')).toMatch(/^ada, /);
  wheel(viewport, -300);
  await frames(4);
  expect(viewport.getAttribute('aria-live')).toBe('off');
});

/** What a copy of the selection would put on the clipboard; null where the browser's own copy stands. */
function copied(viewport: HTMLElement): string | null {
  const data = new DataTransfer();
  const event = new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true });
  viewport.dispatchEvent(event);
  return event.defaultPrevented ? data.getData('text/plain') : null;
}

test('L13 a selection over many messages is copied as who wrote what, also those that were scrolled away', async () => {
  const { viewport } = await open(50);
  const start = rowsIn(viewport).at(-1);
  start?.focus({ preventScroll: true });
  const from = start?.querySelector('p')?.firstChild;
  for (let turn = 0; turn < 20; turn += 1) {
    wheel(viewport, -200);
    await frames(1);
  }
  await atRest(viewport);
  const first = rowsIn(viewport).find((row) => !start?.isSameNode(row));
  const to = first?.querySelector('p')?.firstChild;
  if (!from || !to) throw new Error('no text to select');
  expect(from.isConnected).toBe(true);
  document.getSelection()?.setBaseAndExtent(from, 5, to, 2);
  const lines = copied(viewport)?.split('\n\n') ?? [];
  const begin = Number(to.textContent?.match(/^#(\d+)/)?.[1]);
  expect(begin).toBeLessThan(40);
  expect(lines.map((each) => each.split('\n')[1]?.match(/^#\d+/)?.[0])).toEqual(
    Array.from({ length: 50 - begin + 1 }, (_, index) => `#${begin + index}`),
  );
  expect(lines.at(-1)).toMatch(/^You, \d/);
});

test('L13 within one message the browser copies what is selected', async () => {
  const { viewport } = await open(20);
  const text = rowsIn(viewport).at(-1)?.querySelector('p')?.firstChild;
  if (!text) throw new Error('no text to select');
  document.getSelection()?.setBaseAndExtent(text, 0, text, 4);
  expect(copied(viewport)).toBeNull();
});
