import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { createFakeBackend, createFakeFetchToken } from '../../../testing/index.ts';
import { ChatProvider } from '../../ChatProvider.tsx';
import '../../styles/index.css';
import { item } from '../../test-fixtures.tsx';
import { ChatWindow } from '../window/ChatWindow.tsx';

const frames = (count = 4) =>
  new Promise<void>((resolve) => {
    const step = (left: number) => (left === 0 ? resolve() : requestAnimationFrame(() => step(left - 1)));
    step(count);
  });

async function open(messages = 60) {
  const backend = createFakeBackend({
    threads: [
      {
        id: 'help',
        title: 'Help desk',
        messages: Array.from({ length: messages }, (_, index) => ({
          author: index % 3 === 0 ? 'me' : 'ada',
          text: `#${index + 1} A message that takes two or three lines in a window as narrow as this one is made.`,
        })),
      },
    ],
  });
  const screen = await render(
    <div style={{ width: 390, height: 600 }}>
      <ChatProvider userId="me" backend={backend} fetchToken={createFakeFetchToken({ userId: 'me' })}>
        <ChatWindow threadId="help" />
      </ChatProvider>
    </div>,
  );
  await expect.element(screen.getByText(`#${messages} `, { exact: false })).toBeVisible();
  // The list that moves through all of them, which is another element than what stands for it while it is loaded.
  await expect.poll(() => screen.container.querySelector('.lk-viewport > [style]')).not.toBeNull();
  await frames();
  return { backend, screen, viewport: screen.getByRole('log').element() as HTMLElement };
}

const top = (id: string) => item(id).getBoundingClientRect().top;

test('editing moves nothing that is above it, and nothing at all once it is given up', async () => {
  const { viewport, screen } = await open();
  viewport.dispatchEvent(new WheelEvent('wheel', { deltaY: -800, bubbles: true }));
  viewport.scrollTop -= 800;
  await frames(12);
  const edge = viewport.getBoundingClientRect();
  const mine = [...viewport.querySelectorAll<HTMLElement>('[data-mine="true"]')].find(
    (row) => row.getBoundingClientRect().top > edge.top + 5,
  );
  const id = mine?.dataset['messageId'] ?? '';
  const before = top(id);
  item(id).focus({ preventScroll: true });
  await userEvent.keyboard('{Enter}');
  await expect.element(screen.getByRole('menu')).toBeVisible();
  await userEvent.keyboard('e{Enter}');
  await expect.element(screen.getByRole('textbox', { name: 'Edit message' })).toHaveFocus();
  await frames();
  expect(Math.abs(top(id) - before)).toBeLessThanOrEqual(1);
  await userEvent.keyboard('{Shift>}{Enter}{Enter}{/Shift}');
  await frames();
  expect(Math.abs(top(id) - before)).toBeLessThanOrEqual(1);
  await userEvent.keyboard('{Escape}');
  await frames();
  expect(Math.abs(top(id) - before)).toBeLessThanOrEqual(1);
  expect(document.activeElement).toBe(item(id));
});

test('the focus is not lost when its message is scrolled far away', async () => {
  const { viewport } = await open();
  viewport.focus();
  await userEvent.keyboard('{ArrowUp}{ArrowUp}{ArrowUp}');
  await frames();
  const focused = document.activeElement;
  expect(focused).toBe(item('help-58'));
  viewport.scrollTop = 0;
  await frames(10);
  expect(document.activeElement).toBe(focused);
  expect(focused?.isConnected).toBe(true);
});

test('arrow keys go on through rows that were not there, and Escape goes to the composer', async () => {
  const { viewport } = await open();
  viewport.focus();
  for (let press = 0; press < 24; press += 1) await userEvent.keyboard('{ArrowUp}');
  await frames();
  expect(document.activeElement).toBe(item('help-37'));
  const { top: above, bottom } = item('help-37').getBoundingClientRect();
  const edge = viewport.getBoundingClientRect();
  expect(above).toBeGreaterThanOrEqual(edge.top - 1);
  expect(bottom).toBeLessThanOrEqual(edge.bottom + 1);
  await userEvent.keyboard('{Escape}');
  expect(document.activeElement?.matches('.lk-composer-text')).toBe(true);
});

test('the menu stays inside the window, and a press elsewhere closes it', async () => {
  const { screen, viewport } = await open();
  item('help-60').focus();
  await userEvent.keyboard('{Enter}');
  const menu = screen.getByRole('menu');
  await expect.element(menu).toBeVisible();
  const { top: above, left, right, bottom } = menu.element().getBoundingClientRect();
  expect(Math.min(above, left)).toBeGreaterThanOrEqual(0);
  expect(right).toBeLessThanOrEqual(document.documentElement.clientWidth);
  expect(bottom).toBeLessThanOrEqual(document.documentElement.clientHeight);
  await userEvent.click(viewport, { position: { x: 5, y: 5 } });
  await expect.poll(() => document.querySelector('[role="menu"]')).toBeNull();
});

test('ArrowUp in an empty composer edits one’s newest message; saved, the composer is a key away', async () => {
  const { backend, screen } = await open();
  const composer = screen.getByRole('textbox', { name: 'Message to Help desk' });
  await userEvent.click(composer);
  await userEvent.keyboard('{ArrowUp}');
  const editor = screen.getByRole('textbox', { name: 'Edit message' });
  await expect.element(editor).toHaveFocus();
  await userEvent.fill(editor, 'changed');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => document.activeElement).toBe(item('help-58'));
  expect(backend.messages('help')[57]?.parts).toEqual([{ type: 'text', text: 'changed' }]);
  await userEvent.keyboard('{Escape}');
  await expect.element(composer).toHaveFocus();
});

test('in a narrow column what one can do with a long message of one’s own covers none of its words', async () => {
  const { viewport } = await open();
  const mine = [...viewport.querySelectorAll<HTMLElement>('[data-mine="true"]')].at(-1);
  if (!mine) throw new Error('no message of mine');
  await userEvent.hover(mine);
  await expect.poll(() => mine.querySelector('.lk-actions')).not.toBeNull();
  const toolbar = mine.querySelector('.lk-actions')!.getBoundingClientRect();
  const words = document.createRange();
  words.selectNodeContents(mine.querySelector('.lk-content')!);
  const covered = [...words.getClientRects()].filter(
    (line) =>
      line.top < toolbar.bottom && line.bottom > toolbar.top && line.left < toolbar.right && line.right > toolbar.left,
  );
  expect(covered).toEqual([]);
});
