import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { createFakeBackend, createFakeFetchToken } from '../../../testing/index.ts';
import { ChatProvider } from '../../ChatProvider.tsx';
import '../../styles/index.css';
import { ThreadListPane as ThreadList } from '../window/ThreadListPane.tsx';

async function open(count: number, archived = false) {
  const threads = Array.from({ length: count }, (_, index) => ({
    id: `t${index}`,
    title: `Talk ${index}`,
    members: ['ada', 'ben'],
    messages: [{ author: 'ben', text: `Hello ${index}`, minutesAgo: index + 1 }],
  }));
  const backend = createFakeBackend({ threads });
  if (archived) for (const { id } of threads) backend.setOwn(id, 'ada', { archived: true });
  const screen = await render(
    <div className="lk-root" style={{ width: 300, height: 480, display: 'grid' }}>
      <ChatProvider userId="ada" backend={backend} fetchToken={createFakeFetchToken({ userId: 'ada' })}>
        <ThreadList />
      </ChatProvider>
    </div>,
  );
  await expect.element(screen.getByRole('button', { name: 'Show archived conversations' })).toBeVisible();
  const nav = screen.getByRole('navigation').element() as HTMLElement;
  const rows = () => [...nav.querySelectorAll<HTMLElement>('.lk-thread')];
  const row = (title: string) => rows().find((each) => each.querySelector('.lk-thread-title')?.textContent === title)!;
  return { backend, screen, nav, rows, row };
}

const topOf = (row: HTMLElement) => row.getBoundingClientRect().top;

/** Scrolls to the end of what is there until nothing more comes. */
async function toEnd(nav: HTMLElement, rows: () => HTMLElement[], count: number) {
  await expect
    .poll(() => {
      nav.scrollTop = nav.scrollHeight;
      return rows().length;
    })
    .toBe(count);
}

test('pages come while one scrolls, and no more of them than are near', async () => {
  const { backend, nav, rows } = await open(130);
  await expect.poll(() => rows().length).toBe(50);
  const asked = () => backend.requests.filter(({ name }) => name === 'listThreads').length;
  const before = asked();
  nav.scrollTop = 200;
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  expect(asked()).toBe(before);
  nav.scrollTop = nav.scrollHeight;
  await expect.poll(() => rows().length).toBe(100);
  await toEnd(nav, rows, 130);
  expect(nav.querySelector('.lk-threads-more')).toBeNull();
});

test('the archived ones come page by page, too', async () => {
  const { screen, nav, rows } = await open(70, true);
  await screen.getByRole('button', { name: 'Show archived conversations' }).click();
  await expect.poll(() => rows().length).toBe(50);
  await toEnd(nav, rows, 70);
});

test('what one reads stays where it is while a conversation moves to the top, from below, above or in sight', async () => {
  const { backend, nav, rows, row } = await open(100);
  await expect.poll(() => rows().length).toBe(50);
  await toEnd(nav, rows, 100);
  nav.scrollTop = topOf(row('Talk 40')) - topOf(row('Talk 0'));
  await expect.poll(() => Math.abs(topOf(row('Talk 42')) - topOf(nav)) < 480).toBe(true);
  for (const mover of [90, 10, 41]) {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const before = topOf(row('Talk 44'));
    backend.receive({ threadId: `t${mover}`, author: 'ben', text: 'News' });
    await expect.poll(() => rows()[0]?.textContent).toContain(`Talk ${mover}`);
    expect(Math.abs(topOf(row('Talk 44')) - before)).toBeLessThan(1.5);
  }
});

test('at the top, what comes in is seen', async () => {
  const { backend, nav, rows } = await open(60);
  await expect.poll(() => rows().length).toBe(50);
  backend.receive({ threadId: 't30', author: 'ben', text: 'News' });
  await expect.poll(() => rows()[0]?.textContent).toContain('Talk 30');
  expect(nav.scrollTop).toBe(0);
});

test('the focus stays on its conversation when that moves, and Tab leads on into the next page', async () => {
  const { backend, nav, rows, row } = await open(60);
  await expect.poll(() => rows().length).toBe(50);
  row('Talk 20').focus();
  backend.receive({ threadId: 't40', author: 'ben', text: 'News' });
  await expect.poll(() => rows()[0]?.textContent).toContain('Talk 40');
  expect(document.activeElement).toBe(row('Talk 20'));
  row('Talk 49').focus();
  await expect.poll(() => rows().length).toBe(60);
  await userEvent.tab(); // its menu
  await userEvent.tab();
  expect(document.activeElement).toBe(row('Talk 50'));
  expect(topOf(row('Talk 50'))).toBeLessThan(nav.getBoundingClientRect().bottom);
});

test('a search by title reads further pages for as long as it finds too few', async () => {
  const { backend, screen, rows } = await open(130);
  await expect.poll(() => rows().length).toBe(50);
  await screen.getByRole('button', { name: 'Search conversations' }).click();
  await userEvent.fill(screen.getByRole('combobox'), 'talk 129');
  await expect.element(screen.getByRole('option', { name: 'Talk 129' })).toBeVisible();
  expect(backend.requests.filter(({ name, cursor }) => name === 'listThreads' && cursor !== undefined)).toHaveLength(2);
});
