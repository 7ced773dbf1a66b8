import type { Meta, StoryObj } from '@storybook/react-vite';
import { ChatError, MessageItem, type MessageEntry } from 'latchkit';
import { expect, fn } from 'storybook/test';
import { ME, ROUGH, RTL, USERS } from './support/content.ts';

const nameOf = (id: string) => USERS.find((user) => user.id === id)?.name ?? id;

/** One entry as a list holds it. */
function entry(author: string, text: string, state: Partial<MessageEntry> = {}): MessageEntry {
  return {
    message: {
      id: `story-${author}`,
      threadId: 'help-desk',
      seq: 7,
      author: { id: author, name: nameOf(author), avatarUrl: null },
      parts: [{ type: 'text', text }],
      createdAt: new Date(2026, 5, 12, 10, 44).getTime(),
    },
    delivery: 'sent',
    error: null,
    mine: author === ME,
    ...state,
  };
}

const textOfThread = (thread: typeof ROUGH, index: number) => thread.messages?.[index]?.text ?? '';

const meta = {
  title: 'MessageItem',
  component: MessageItem,
  parameters: { stage: { room: 'panel' } },
  args: {
    entry: entry('ada', 'Any owner can, under Settings → People. An invitation is valid for 7 days.'),
    continued: false,
    onRetry: fn(),
    onDiscard: fn(),
  },
  decorators: [(Story) => <div className="stage-card stage-row">{<Story />}</div>],
} satisfies Meta<typeof MessageItem>;

export default meta;
type Story = StoryObj<typeof meta>;

const dark = { theme: 'dark' };
const MINE = 'It works. The total is right now: 1,284.50 €.';

export const Theirs: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getByText('Ada Osei')).toBeVisible();
  },
};

export const TheirsDark: Story = { ...Theirs, globals: dark };

/** Follows another message of its author: no name, no picture. */
export const Continued: Story = {
  args: { continued: true },
  play: async ({ canvas }) => {
    await expect(canvas.getByText(/Any owner can/)).toBeVisible();
  },
};

export const Mine: Story = {
  args: { entry: entry(ME, MINE) },
  play: async ({ canvas }) => {
    await expect(canvas.getByText(MINE)).toBeVisible();
  },
};

export const MineDark: Story = { ...Mine, globals: dark };

export const Sending: Story = {
  args: { entry: entry(ME, MINE, { delivery: 'sending' }) },
  play: async ({ canvas }) => {
    await expect(canvas.getByText('Sending…')).toBeVisible();
  },
};

export const SendingDark: Story = { ...Sending, globals: dark };

/** Retry and discard are buttons, and tell which message they mean. */
export const Failed: Story = {
  args: {
    entry: entry(ME, MINE, { delivery: 'failed', error: new ChatError('rate_limited', 'Too many messages.') }),
  },
  play: async ({ canvas, userEvent, args }) => {
    await expect(canvas.getByText(/Not sent/)).toBeVisible();
    await expect(canvas.getByText(/Too many messages at once/)).toBeVisible();
    canvas.getByRole('button', { name: 'Retry' }).focus();
    await userEvent.keyboard('{Enter}');
    await expect(args.onRetry).toHaveBeenCalledOnce();
    await expect(args.onRetry).toHaveBeenCalledWith(`story-${ME}`);
    await userEvent.click(canvas.getByRole('button', { name: 'Discard' }));
    await expect(args.onDiscard).toHaveBeenCalledOnce();
    await expect(args.onDiscard).toHaveBeenCalledWith(`story-${ME}`);
  },
};

export const FailedDark: Story = { ...Failed, globals: dark };

export const LongAddress: Story = {
  args: { entry: entry('noor', textOfThread(ROUGH, 0)) },
  play: async ({ canvasElement }) => {
    const link = canvasElement.querySelector('a');
    await expect(link?.href).toMatch(/^https:\/\/status\.acme\.example\//);
    await expect(link?.rel).toMatch(/noopener|noreferrer/);
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

export const LongWord: Story = {
  args: { entry: entry(ME, textOfThread(ROUGH, 2)) },
  globals: { viewport: { value: 'phone' } },
  play: async ({ canvasElement }) => {
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

export const Emoji: Story = {
  args: { entry: entry('ines', textOfThread(ROUGH, 4)) },
  play: async ({ canvas }) => {
    await expect(canvas.getByText(/👩🏽‍💻/)).toBeVisible();
  },
};

/** Line breaks stay as they were written; markup is text. */
export const LinesAndMarkup: Story = {
  args: { entry: entry('noor', 'Steps:\n1. stop the import\n2. <b>empty</b> the queue') },
  play: async ({ canvas, canvasElement }) => {
    await expect(canvas.getByText(/<b>empty<\/b>/)).toBeVisible();
    await expect(canvasElement.querySelector('b')).toBeNull();
  },
};

export const RightToLeft: Story = {
  args: { entry: entry('noor', textOfThread(RTL, 0)) },
  play: async ({ canvas }) => {
    await expect(getComputedStyle(canvas.getByText(/الفاتورة/)).direction).toBe('rtl');
  },
};
