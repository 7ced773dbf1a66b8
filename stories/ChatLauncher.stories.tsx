import type { Meta, StoryObj } from '@storybook/react-vite';
import { ChatLauncher } from 'latchkit';
import { expect, waitFor, within } from 'storybook/test';
import { BILLING, EMPTY, HELP_DESK, ME, THREADS } from './support/content.ts';
import { backendOf } from './support/scene.ts';

const meta = {
  title: 'ChatLauncher',
  component: ChatLauncher,
  args: { threadId: HELP_DESK.id, persist: false },
  render: (args) => (
    <>
      <p style={{ color: 'CanvasText' }}>
        Your page. <button type="button">Your orders</button>
      </p>
      <ChatLauncher {...args} />
    </>
  ),
} satisfies Meta<typeof ChatLauncher>;

export default meta;
type Story = StoryObj<typeof meta>;
type Canvas = Parameters<NonNullable<Story['play']>>[0]['canvas'];

const phone = { viewport: { value: 'phone' } };
const dark = { theme: 'dark' };

async function opened(canvas: Canvas): Promise<HTMLElement> {
  const panel = await canvas.findByRole('dialog', { name: 'Chat' });
  await within(panel).findByRole('textbox');
  // It slides in: where it is, and what can be seen, is settled at the end of that.
  await Promise.all(panel.getAnimations({ subtree: true }).map((animation) => animation.finished.catch(() => {})));
  return panel;
}

export const Bubble: Story = {
  args: { unread: 3 },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('button', { name: 'Open chat, 3 unread messages' })).toBeVisible();
  },
};

/** Without a number of the app's own, the bubble counts by itself. */
export const Counts: Story = {
  args: { threadId: BILLING.id },
  parameters: { scene: { threads: [{ ...BILLING, read: { [ME]: 2 } }] } },
  play: async (context) => {
    await context.canvas.findByRole('button', { name: 'Open chat, 1 unread message' });
    backendOf(context).receive({ threadId: BILLING.id, author: 'ines', text: 'Are you there?' });
    await context.canvas.findByRole('button', { name: 'Open chat, 2 unread messages' });
  },
};

/** Beside the page, which stays in use: Escape closes it, and the focus comes back to the bubble. */
export const Panel: Story = {
  play: async ({ canvas, userEvent }) => {
    const bubble = canvas.getByRole('button', { name: 'Open chat' });
    await userEvent.click(bubble);
    const panel = await opened(canvas);
    await within(panel).findByText(/An invitation is valid for 7 days/);
    await expect(panel).toHaveAttribute('aria-modal', 'false');
    await waitFor(() => expect(panel.contains(document.activeElement)).toBe(true));
    const box = panel.getBoundingClientRect();
    await expect(box.right).toBeLessThan(innerWidth);
    await expect(box.bottom).toBeLessThanOrEqual(bubble.getBoundingClientRect().top);
    await userEvent.keyboard('{Escape}');
    await expect(canvas.queryByRole('dialog')).toBeNull();
    await expect(bubble).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await opened(canvas);
  },
};

export const PanelDark: Story = {
  globals: dark,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Open chat' }));
    await opened(canvas);
  },
};

/** On a phone it is over all of the page, which waits behind it. */
export const Phone: Story = {
  globals: phone,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Open chat' }));
    const panel = await opened(canvas);
    await expect(panel).toHaveAttribute('aria-modal', 'true');
    await expect(panel.matches(':modal')).toBe(true);
    await expect(panel).toHaveFocus();
    const box = panel.getBoundingClientRect();
    await expect([box.left, box.top, box.width]).toEqual([0, 0, innerWidth]);
    await expect(Math.abs(box.height - innerHeight)).toBeLessThanOrEqual(1);
    await expect(getComputedStyle(document.documentElement).overflow).toBe('hidden');
    // The page behind cannot be reached.
    canvas.getByText('Your orders').focus();
    await expect(panel.contains(document.activeElement)).toBe(true);
    await userEvent.keyboard('{Escape}');
    await expect(canvas.queryByRole('dialog')).toBeNull();
    await expect(canvas.getByRole('button', { name: 'Open chat' })).toHaveFocus();
    await expect(getComputedStyle(document.documentElement).overflow).not.toBe('hidden');
    await userEvent.click(canvas.getByRole('button', { name: 'Open chat' }));
    await opened(canvas);
  },
};

/** An empty conversation begins with a greeting and first messages to choose from. */
export const Start: Story = {
  args: {
    threadId: EMPTY.id,
    greeting: 'Hello! What can we do for you?',
    suggestions: ['Where is my order?', 'I would like to change my plan', 'Something else'],
  },
  parameters: { scene: { threads: [...THREADS, EMPTY] } },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Open chat' }));
    await opened(canvas);
    const greeting = await canvas.findByText('Hello! What can we do for you?');
    await waitFor(() => expect(greeting).toBeVisible());
    await expect(canvas.getAllByRole('listitem')).toHaveLength(3);
  },
};

export const BottomStart: Story = {
  ...Start,
  args: { ...Start.args, placement: 'bottom-start' },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Open chat' }));
    const panel = await opened(canvas);
    await expect(panel.getBoundingClientRect().left).toBeLessThan(innerWidth / 2);
    await userEvent.click(await canvas.findByRole('button', { name: 'Where is my order?' }));
    await within(await canvas.findByRole('log')).findByText('Where is my order?');
  },
};

/** With `showThreads`, what was written about before is a press away, and the way back leads to all of it. */
export const History: Story = {
  args: { ...Start.args, showThreads: true },
  parameters: Start.parameters,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Open chat' }));
    const panel = within(await opened(canvas));
    const recent = within(await panel.findByRole('region', { name: 'Recent conversations' }));
    await waitFor(() => expect(recent.getAllByRole('listitem')).toHaveLength(3));
    await expect(panel.getByRole('button', { name: 'Back to conversations' })).toBeVisible();
  },
};

export const HistoryDark: Story = { ...History, globals: dark };
