import type { Meta, StoryObj } from '@storybook/react-vite';
import { MessageItem, type MessageEntry, type PartRendererProps } from 'latchkit';
import { createFakeMessage } from 'latchkit/testing';
import { expect, fn, waitFor, within } from 'storybook/test';
import { beginAnswer, HelpDeskList } from './support/answering.tsx';

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

type Part = MessageEntry['message']['parts'][number];
type Tool = Extract<Part, { toolCallId: string }>;

const tool = (state: Tool['state'], more: Partial<Tool> = {}): Part => ({
  type: 'tool-search',
  toolCallId: `call-${state}`,
  title: `Search ${state}`,
  state,
  input: { query: 'invitations' },
  ...(more as object),
});

/** What a tool is doing, did, could not, or was not allowed to. */
export const ToolStates: Story = {
  args: {
    entry: entry('done', [
      tool('input-streaming'),
      tool('input-available'),
      tool('approval-responded', { approval: { id: 'a', approved: true } }),
      tool('output-available', { output: { found: 3, first: 'Settings → People' } }),
      tool('output-error', { errorText: 'The index is being rebuilt.' }),
      tool('output-denied', { approval: { id: 'b', approved: false, reason: 'Too dear' } }),
      { type: 'dynamic-tool', toolName: 'calendar', toolCallId: 'd', state: 'output-available', output: 'Tuesday' },
    ]),
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByText('Used Search output-available'));
    await expect(canvas.getByText(/"found": 3/)).toBeVisible();
    await userEvent.click(canvas.getByText('Search output-error failed'));
    await expect(canvas.getByText('The index is being rebuilt.')).toBeVisible();
    await expect(canvas.getByText('Search output-denied was not allowed')).toBeVisible();
    await expect(canvas.getByText('Used calendar')).toBeVisible();
  },
};

export const ToolStatesDark: Story = { ...ToolStates, globals: dark };

/** What the model thought, for whoever wants to know. */
export const Reasoning: Story = {
  args: {
    entry: entry('done', [
      { type: 'reasoning', text: 'They ask **who** can invite:\n\n1. owners can\n2. members cannot' },
      { type: 'text', text: 'Any owner can.' },
    ]),
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByText('Reasoning'));
    await expect(canvas.getByText('members cannot')).toBeVisible();
  },
};

export const ReasoningDark: Story = { ...Reasoning, globals: dark };

const file = (mediaType: string, filename: string, url: string): Part => ({
  type: 'file',
  attachmentId: filename,
  mediaType,
  filename,
  size: 48_200,
  width: 1_200,
  height: 800,
  url,
  urlExpiresAt: Date.now() + 3_600_000,
});

/** Files that an answer brings stand below what it says. */
export const Files: Story = {
  args: {
    entry: entry('done', [
      { type: 'text', text: 'Here is the plan, and the same to print:' },
      file(
        'image/gif',
        'plan.gif',
        'data:image/gif;base64,R0lGODlhAQABAIAAAC9vXgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==',
      ),
      file('application/pdf', 'plan.pdf', 'https://files.acme.example/signed'),
    ]),
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('link', { name: /plan.gif/ })).toBeVisible();
    await expect(canvas.getByRole('link', { name: /^plan.pdf/ })).toBeVisible();
  },
};

export const FilesDark: Story = { ...Files, globals: dark };

function Weather({ part }: PartRendererProps) {
  const { place, degrees } = (part as { data: { place: string; degrees: number } }).data;
  return (
    <p className="lk-content">
      {place}: <strong>{degrees} °C</strong>
    </p>
  );
}

/** What the app shows itself, by a renderer of its own. */
export const OwnParts: Story = {
  parameters: { stage: { room: 'panel', parts: { 'data-weather': Weather } } },
  args: {
    entry: entry('done', [
      { type: 'text', text: 'It is warm there:' },
      { type: 'data-weather', data: { place: 'Lisbon', degrees: 24 } },
      { type: 'data-unknown', data: 'Nobody shows this.' },
    ]),
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('24 °C')).toBeVisible();
    await expect(canvas.queryByText('Nobody shows this.')).toBeNull();
  },
};

/** Somebody said that it is enough. */
export const Stopped: Story = {
  args: { entry: entry('stopped', [{ type: 'text', text: 'Any owner can, under' }]) },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Stopped')).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Retry' })).toBeVisible();
  },
};

/** As it grows: what is half-written looks as it will look when it is whole. */
export const Growing: Story = {
  render: () => <HelpDeskList />,
  play: async (context) => {
    const { canvas } = context;
    const { answer } = await beginAnswer(context);
    answer.write(
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', delta: 'They are many.' },
      { type: 'reasoning-end', id: 'r' },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'In **three steps**:\n\n1. open the settings\n2. choose **Peop' },
    );
    // A list shows what comes once it is laid out.
    await waitFor(() => expect(canvas.getByText('Peop')).toBeVisible());
    await expect(canvas.queryByText(/\*/)).toBeNull();
    answer.write({ type: 'text-delta', id: 't', delta: 'le and roles' });
    await waitFor(() => expect(canvas.getByText('People and roles')).toBeVisible());
  },
};

export const GrowingDark: Story = { ...Growing, globals: dark };
