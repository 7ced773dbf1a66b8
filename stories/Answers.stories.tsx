import type { Meta, StoryObj } from '@storybook/react-vite';
import { MessageItem, type MessageEntry } from 'latchkit';
import { createFakeMessage } from 'latchkit/testing';
import { expect, fn, waitFor, within } from 'storybook/test';

type Answer = NonNullable<MessageEntry['message']['answer']>;

/** An assistant's answer at one moment. */
function entry(status: Answer['status'], parts: MessageEntry['message']['parts']): MessageEntry {
  const error = status === 'failed' ? { code: 'answer_cut_off', message: 'It ended.' } : null;
  return {
    message: createFakeMessage({
      id: 'answer',
      author: { id: 'guide', name: 'Guide', avatarUrl: null },
      parts,
      answer: { status, to: 'question', run: 1, at: 9, error },
      createdAt: new Date(2026, 5, 12, 10, 44).getTime(),
    }),
    delivery: 'sent',
    error: null,
    mine: false,
    change: null,
  };
}

const meta = {
  title: 'Answers',
  component: MessageItem,
  parameters: { stage: { room: 'panel' } },
  args: {
    entry: entry('done', [
      { type: 'reasoning', text: 'They ask about invitations.' },
      { type: 'tool-search', toolCallId: 'c', state: 'output-available', input: { q: 'invite' }, output: 'Settings' },
      { type: 'text', text: 'Any **owner** can, under *Settings → People*.\n\n- An invitation is valid for 7 days.' },
      { type: 'source-url', sourceId: 's', url: 'https://example.com/people', title: 'People and roles' },
      { type: 'source-document', sourceId: 'd', mediaType: 'application/pdf', title: 'Handbook' },
    ]),
    continued: false,
    onRetry: fn(),
    onDiscard: fn(),
  },
  decorators: [(Story) => <div className="stage-card stage-row">{<Story />}</div>],
} satisfies Meta<typeof MessageItem>;

export default meta;
type Story = StoryObj<typeof meta>;

const dark = { theme: 'dark' };

export const Done: Story = {
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('link', { name: /People and roles/ })).toBeVisible();
    await expect(canvas.getByText('Reasoning')).toBeVisible();
  },
};

export const DoneDark: Story = { ...Done, globals: dark };

/** Formulas, footnotes, and marks that show the source which an answer draws upon. */
export const Cited: Story = {
  args: {
    entry: entry('done', [
      {
        type: 'text',
        text: [
          'The roots of $ax^2 + bx + c = 0$ are [1]:',
          '',
          '$$x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}$$',
          '',
          'They are real where the discriminant is not negative[^1], as a handbook puts it [2].',
          '',
          '[^1]: That is, where \\(b^2 \\ge 4ac\\).',
        ].join('\n'),
      },
      { type: 'source-url', sourceId: 's', url: 'https://example.com/algebra/quadratic', title: 'Quadratic equations' },
      { type: 'source-document', sourceId: 'd', mediaType: 'application/pdf', title: 'Handbook of algebra' },
    ]),
  },
  play: async ({ canvas, canvasElement, userEvent }) => {
    await waitFor(() => expect(canvasElement.querySelector('math mfrac')).not.toBeNull());
    await userEvent.click(canvas.getByRole('button', { name: 'Source 1: Quadratic equations' }));
    await expect(await within(document.body).findByRole('dialog')).toBeVisible();
  },
};

export const CitedDark: Story = { ...Cited, globals: dark };

export const Thinking: Story = {
  args: { entry: entry('streaming', []) },
  play: async ({ canvas }) => {
    await expect((await canvas.findAllByText('Thinking…'))[0]).toBeVisible();
  },
};

/** Given anew: what it said before can be paged back to, with what it answered then. */
export const Attempts: Story = {
  args: {
    entry: {
      ...entry('done', [{ type: 'text', text: 'Any owner can, under *Settings → People*.' }]),
      message: {
        ...entry('done', [{ type: 'text', text: 'Any owner can, under *Settings → People*.' }]).message,
        attempts: [{ run: 1, question: 'Who can invite?', parts: [{ type: 'text', text: 'Ask somebody who knows.' }] }],
      },
    },
  },
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText('2 of 2')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Earlier attempt' }));
    await expect(canvas.getByText('Asked: Who can invite?')).toBeVisible();
  },
};

/** Cut off: what there is of it stays. */
export const Failed: Story = {
  args: { entry: entry('failed', [{ type: 'text', text: 'Any owner can, under' }]) },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('button', { name: 'Retry' })).toBeVisible();
  },
};

/** A tool that may run once somebody says so. */
export const ToolAsks: Story = {
  args: {
    entry: entry('done', [
      {
        type: 'tool-refund',
        toolCallId: 'c',
        state: 'approval-requested',
        title: 'Refund',
        input: { order: 4711, euros: 12.5 },
        approval: { id: 'a' },
      },
    ]),
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('button', { name: 'Allow' })).toBeVisible();
  },
};

export const ToolAsksDark: Story = { ...ToolAsks, globals: dark };
