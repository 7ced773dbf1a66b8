import { useEffect } from 'react';
import { expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { createFakeBackend, createFakeFetchToken, type FakeAnswer, type FakeBackend } from '../../../testing/index.ts';
import { ChatProvider } from '../../ChatProvider.tsx';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import '../../styles/index.css';
import { ChatWindow } from '../window/ChatWindow.tsx';

const frames = (count = 3) =>
  new Promise<void>((resolve) => {
    const step = (left: number) => (left === 0 ? resolve() : requestAnimationFrame(() => step(left - 1)));
    step(count);
  });

const fromBottom = (viewport: HTMLElement) => viewport.scrollHeight - viewport.scrollTop - viewport.clientHeight;
const answerIn = (viewport: HTMLElement) => viewport.querySelector<HTMLElement>('[data-answer]')!;
const gapBelow = (viewport: HTMLElement) =>
  viewport.getBoundingClientRect().bottom - answerIn(viewport).getBoundingClientRect().bottom;

interface Opened {
  backend: FakeBackend;
  viewport: HTMLElement;
  answer: FakeAnswer;
  /** More of the answer, a paragraph per frame; shown when it resolves. */
  grow: (paragraphs: number) => Promise<void>;
  jumpTo: (messageId: string) => Promise<void>;
  /** What the window stands in. */
  place: HTMLElement;
}

async function open(messages: number): Promise<Opened> {
  const history = Array.from({ length: messages }, (_, index) => ({ author: 'ada', text: `#${index + 1} said` }));
  const backend = createFakeBackend({ threads: [{ id: 'help', title: 'Help', messages: history }] });
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
  await expect.poll(() => screen.container.textContent).toContain(`#${messages} said`);
  const to = backend.messages('help').at(-1)!.id;
  const answer = backend.answer({ threadId: 'help', author: 'assistant', to });
  answer.write({ type: 'text-start', id: '1' });
  let written = 0;
  const grow = async (paragraphs: number) => {
    for (let count = 0; count < paragraphs; count += 1) {
      written += 1;
      answer.write({ type: 'text-delta', id: '1', delta: `Paragraph ${written} of the **answer**.\n\n` });
      await frames(1);
    }
    // What renders an answer is loaded with the first one, and the list that moves is another element than what stands there before.
    await expect.poll(() => screen.container.textContent, { timeout: 10_000 }).toContain(`Paragraph ${written} of`);
    await frames(2);
  };
  await grow(1);
  await expect.poll(() => screen.getByRole('log').element().getAttribute('data-growing')).toBe('true');
  const viewport = screen.getByRole('log').element() as HTMLElement;
  const place = screen.container.firstElementChild as HTMLElement;
  return { backend, viewport, answer, grow, jumpTo: async (id) => jump.to?.(id), place };
}

/** As the list has it: the height of its container is what it knows of its rows. */
const known = (viewport: HTMLElement) => Number.parseFloat((viewport.lastElementChild as HTMLElement).style.height);

test('an answer that grows beyond the screen is followed in every frame, and its row is measured when it ends', async () => {
  const { viewport, answer, grow } = await open(40);
  for (let count = 0; count < 60; count += 1) {
    await grow(2);
    expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
    expect(Math.abs(gapBelow(viewport))).toBeLessThanOrEqual(1);
  }
  expect(answerIn(viewport).offsetHeight).toBeGreaterThan(3_000);
  answer.end();
  await expect.poll(() => answerIn(viewport).dataset['answer']).toBe('done');
  await frames(5);
  expect(Math.abs(viewport.scrollHeight - known(viewport))).toBeLessThanOrEqual(1);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test('the rows above it are let go once they are far, and come back to who goes up to them', async () => {
  const { viewport, grow, answer } = await open(40);
  const rows = () => viewport.lastElementChild!.childElementCount;
  expect(rows()).toBeGreaterThan(5);
  await grow(40);
  await expect.poll(rows).toBe(1);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
  const height = answerIn(viewport).offsetHeight;
  viewport.dispatchEvent(new WheelEvent('wheel', { deltaY: -height, bubbles: true }));
  viewport.scrollTop -= height;
  await expect.poll(() => viewport.textContent).toContain('#39 said');
  viewport.scrollTop = viewport.scrollHeight;
  await expect.poll(() => viewport.dataset['following']).toBe('true');
  // Again, and at its end none is made for nothing.
  await grow(40);
  await expect.poll(rows).toBe(1);
  const row = answerIn(viewport);
  const made: Node[] = [];
  const observer = new MutationObserver((records) => records.forEach(({ addedNodes }) => made.push(...addedNodes)));
  observer.observe(viewport.lastElementChild!, { childList: true });
  answer.end();
  await expect.poll(() => answerIn(viewport).dataset['answer']).toBe('done');
  await frames(30);
  expect(made).toEqual([]);
  expect(rows()).toBe(1);
  expect(answerIn(viewport)).toBe(row);
  observer.disconnect();
});

test('what is selected in a row above stays selected, and its row', async () => {
  const { viewport, grow, answer } = await open(40);
  const said = [...viewport.querySelectorAll('.lk-content')].find(({ textContent }) => textContent === '#39 said')!;
  document.getSelection()!.selectAllChildren(said);
  await grow(40);
  expect(document.getSelection()!.toString()).toBe('#39 said');
  document.getSelection()!.removeAllRanges();
  await grow(2);
  await expect.poll(() => viewport.lastElementChild!.childElementCount).toBe(1);
  answer.end();
});

test('while it is followed further down than that, the list hears nothing of it', async () => {
  const { viewport, grow } = await open(40);
  await grow(40);
  // It is at rest from the movement that it heard of.
  await frames(30);
  const before = known(viewport);
  const rendered = new Set<Node>();
  const observer = new MutationObserver((records) => records.forEach(({ target }) => rendered.add(target)));
  observer.observe(viewport.lastElementChild!, { childList: true, attributes: true });
  await grow(40);
  expect(known(viewport)).toBe(before);
  expect([...rendered]).toEqual([]);
  observer.disconnect();
});

test.each([
  ['by the wheel', () => new WheelEvent('wheel', { deltaY: -100, bubbles: true })],
  ['by the scrollbar', () => new PointerEvent('pointerdown', { bubbles: true })],
])('who moves up a little from far down a long answer stays there: %s', async (_, event) => {
  const { viewport, answer, grow } = await open(40);
  await grow(80);
  const row = answerIn(viewport);
  expect(row.offsetHeight).toBeGreaterThan(2 * viewport.clientHeight);
  viewport.dispatchEvent(event());
  viewport.scrollTop -= 100;
  const top = row.getBoundingClientRect().top;
  for (let count = 0; count < 10; count += 1) {
    await grow(3);
    expect(answerIn(viewport)).toBe(row);
    expect(Math.abs(row.getBoundingClientRect().top - top)).toBeLessThanOrEqual(1);
  }
  expect(viewport.dataset['following']).toBe('false');
  // The list shows what it has above, too.
  viewport.scrollTop = 0;
  await expect.poll(() => viewport.textContent).toContain('#1 said');
  answer.end();
});

test('a window of another size shows the end of a long answer, and the same row', async () => {
  const { viewport, grow, place } = await open(40);
  await grow(80);
  const row = answerIn(viewport);
  for (const height of [400, 700, 300]) {
    place.style.height = `${height}px`;
    await frames(4);
    expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
    await grow(3);
    expect(answerIn(viewport)).toBe(row);
    expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
    expect(Math.abs(gapBelow(viewport))).toBeLessThanOrEqual(1);
  }
  place.style.width = '700px';
  await frames(4);
  expect(answerIn(viewport)).toBe(row);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test('from a long answer one goes to a message above it, and back', async () => {
  const { viewport, grow, jumpTo, answer } = await open(60);
  await grow(80);
  await jumpTo('help-20');
  await expect.poll(() => viewport.querySelector('[data-message-id="help-20"]')).not.toBeNull();
  const middle = () => {
    const { top, bottom } = viewport.querySelector('[data-message-id="help-20"]')!.getBoundingClientRect();
    const around = viewport.getBoundingClientRect();
    return (top + bottom) / 2 - (around.top + around.bottom) / 2;
  };
  await expect.poll(() => Math.abs(middle())).toBeLessThanOrEqual(40);
  await grow(20).catch(() => {}); // Not among the rows that show.
  expect(Math.abs(middle())).toBeLessThanOrEqual(40);
  viewport.parentElement!.querySelector<HTMLElement>('.lk-to-latest')!.click();
  await expect.poll(() => fromBottom(viewport)).toBeLessThanOrEqual(1);
  await grow(5);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
  answer.end();
});

test('what grows in it by other means than words is followed, too', async () => {
  const { viewport, grow } = await open(40);
  await grow(10);
  const content = answerIn(viewport).querySelector<HTMLElement>('.lk-content')!;
  for (let picture = 1; picture <= 3; picture += 1) {
    content.style.paddingBottom = `${picture * 200}px`;
    await expect.poll(() => fromBottom(viewport)).toBeLessThanOrEqual(1);
    await frames(10);
  }
});

test('the first answer of a short conversation stands at the bottom, with nothing to scroll until the list is full', async () => {
  const { viewport, grow } = await open(1);
  while (viewport.scrollHeight <= viewport.clientHeight) {
    expect(Math.abs(gapBelow(viewport))).toBeLessThanOrEqual(1);
    await grow(1);
  }
  expect(viewport.scrollHeight - viewport.clientHeight).toBeLessThan(80);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
  await grow(10);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test('who scrolls up meanwhile stays there, and is followed again from the bottom', async () => {
  const { viewport, grow, answer } = await open(40);
  await grow(20);
  viewport.dispatchEvent(new WheelEvent('wheel', { deltaY: -300, bubbles: true }));
  viewport.scrollTop -= 300;
  await frames();
  const row = answerIn(viewport);
  const top = () => row.getBoundingClientRect().top;
  const before = top();
  await grow(40);
  expect(Math.abs(top() - before)).toBeLessThanOrEqual(1);
  expect(viewport.dataset['following']).toBe('false');
  viewport.dispatchEvent(new WheelEvent('wheel', { deltaY: 3_000, bubbles: true }));
  viewport.scrollTop = viewport.scrollHeight;
  await expect.poll(() => viewport.dataset['following']).toBe('true');
  await grow(5);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
  // Down again to just where the list was left.
  viewport.dispatchEvent(new WheelEvent('wheel', { deltaY: -100, bubbles: true }));
  viewport.scrollTop -= 100;
  await expect.poll(() => viewport.dataset['following']).toBe('false');
  viewport.scrollTop += 100;
  await expect.poll(() => viewport.dataset['following']).toBe('true');
  answer.end();
});

test('what somebody says meanwhile stands below it', async () => {
  const { backend, viewport, grow } = await open(40);
  await grow(30);
  backend.receive({ threadId: 'help', author: 'ada', text: 'And I say this.' });
  await expect.poll(() => viewport.textContent).toContain('And I say this.');
  const below = () =>
    [...viewport.querySelectorAll<HTMLElement>('.lk-message')].at(-1)!.getBoundingClientRect().top -
    answerIn(viewport).getBoundingClientRect().bottom;
  await frames(3);
  expect(below()).toBeGreaterThanOrEqual(-1);
  await grow(10);
  expect(Math.abs(below())).toBeLessThanOrEqual(20);
  expect(fromBottom(viewport)).toBeLessThanOrEqual(1);
});

test('while it grows one can point at what it says', async () => {
  const { viewport, grow } = await open(40);
  for (let count = 0; count < 10; count += 1) {
    await grow(3);
    const { left, bottom } = viewport.getBoundingClientRect();
    const pointed = document.elementFromPoint(left + 120, bottom - 40);
    expect(answerIn(viewport).contains(pointed)).toBe(true);
  }
});
