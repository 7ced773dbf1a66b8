import type { Meta, StoryObj } from '@storybook/react-vite';
import { ChatError, MessageItem, type MessageEntry } from 'latchkit';
import { createFakeMessage } from 'latchkit/testing';
import { expect, fn } from 'storybook/test';
import { ME, ROUGH, RTL, USERS } from './support/content.ts';

const nameOf = (id: string) => USERS.find((user) => user.id === id)?.name ?? id;

/** One entry as a list holds it. */
function entry(author: string, text: string, state: Partial<MessageEntry> = {}): MessageEntry {
  return {
    message: createFakeMessage({
      id: `story-${author}`,
      text,
      author: { id: author, name: nameOf(author), avatarUrl: null },
      createdAt: new Date(2026, 5, 12, 10, 44).getTime(),
    }),
    delivery: 'sent',
    error: null,
    mine: author === ME,
    change: null,
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

const withMessage = (author: string, text: string, message: Partial<MessageEntry['message']>, state = {}) => {
  const plain = entry(author, text, state);
  return { ...plain, message: { ...plain.message, ...message } };
};

const REACTIONS = [
  { emoji: '👍', count: 3, userIds: ['ines', ME, 'jun'] },
  { emoji: '🎉', count: 1, userIds: ['noor'] },
];

/** One’s own is marked, and each tells who gave it. */
export const Reactions: Story = {
  args: { entry: withMessage('ada', 'Billing has corrected it.', { reactions: REACTIONS }) },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('button', { name: /^👍/ })).toHaveAttribute('aria-pressed', 'true');
    await expect(canvas.getByRole('button', { name: /^🎉/ })).toHaveAttribute('aria-pressed', 'false');
  },
};

export const ReactionsDark: Story = { ...Reactions, globals: dark };

export const Edited: Story = {
  args: { entry: withMessage('ada', 'It is valid for 7 days.', { editedAt: new Date(2026, 5, 12, 10, 50).getTime() }) },
  play: async ({ canvas }) => {
    await expect(canvas.getByText('Edited')).toHaveAttribute('title', expect.stringContaining('2026'));
  },
};

export const Deleted: Story = {
  args: { entry: withMessage('ada', '', { parts: [], deletedAt: new Date(2026, 5, 12, 10, 50).getTime() }) },
  play: async ({ canvas }) => {
    await expect(canvas.getByText('This message was deleted')).toBeVisible();
    await expect(canvas.queryByRole('button')).toBeNull();
  },
};

/** A refused edit: what the server has stands there, and the words that were refused are a press away. */
export const EditFailed: Story = {
  args: {
    entry: entry(ME, MINE, {
      change: {
        type: 'edit',
        status: 'failed',
        error: new ChatError('rate_limited', 'Too many changes.'),
        parts: [{ type: 'text', text: 'It works. The total is 1,284.50 €.' }],
      },
    }),
  },
  play: async ({ canvas, userEvent }) => {
    await expect(canvas.getByText(/Change not saved/)).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Edit again' }));
    await expect(await canvas.findByRole('textbox')).toHaveValue('It works. The total is 1,284.50 €.');
  },
};

/** By keyboard: Enter opens the menu, arrow keys move in it, Escape comes back. */
export const Menu: Story = {
  args: { entry: entry(ME, MINE) },
  play: async ({ canvas, userEvent }) => {
    const article = canvas.getByRole('article');
    article.focus();
    await userEvent.keyboard('{Enter}');
    await canvas.findByRole('menu');
    await userEvent.keyboard('{Escape}');
    await expect(article).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await expect(await canvas.findByRole('menuitem', { name: 'React' })).toHaveFocus();
  },
};

export const MenuDark: Story = { ...Menu, globals: dark };

/** The “React” button opens the choice of emoji; letters search. */
export const Picker: Story = {
  play: async ({ canvas, userEvent }) => {
    // By focus and not by hovering: the events of a made pointer do not say where it comes from.
    canvas.getByRole('article').focus();
    await userEvent.click(await canvas.findByTitle('React'));
    await canvas.findByRole('dialog', { name: 'React' });
    await expect(canvas.getAllByRole('button', { name: 'thumbs up' })[0]).toHaveFocus();
  },
};

export const PickerDark: Story = { ...Picker, globals: dark };

const PICTURE = 'data:image/gif;base64,R0lGODlhAQABAIAAAC9vXgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==';
const filePart = (mediaType: string, filename: string, size: number, picture = false) => ({
  type: 'file' as const,
  attachmentId: filename,
  mediaType,
  filename,
  size,
  width: picture ? 1200 : null,
  height: picture ? 800 : null,
  url: picture ? PICTURE : 'https://files.acme.example/signed',
  urlExpiresAt: Date.now() + 3_600_000,
});

/** A picture has its place before it is there; what is no picture, film or sound is a card. */
export const Files: Story = {
  args: {
    entry: withMessage('ada', '', {
      parts: [
        { type: 'text', text: 'The corrected invoice:' },
        filePart('image/gif', 'invoice.gif', 48_200, true),
        filePart('application/pdf', 'invoice-2026-0612-corrected.pdf', 1_284_500),
      ],
    }),
  },
  play: async ({ canvas }) => {
    const box = canvas.getByRole('link', { name: /invoice.gif/ }).getBoundingClientRect();
    await expect(Math.abs(box.width / box.height - 1.5)).toBeLessThan(0.02);
    await expect(canvas.getByRole('link', { name: /^invoice-2026.*1\.3 MB/ })).toBeVisible();
  },
};

export const FilesDark: Story = { ...Files, globals: dark };
export const FilesPhone: Story = { ...Files, globals: { viewport: { value: 'phone' } } };
