import type { Meta, StoryObj } from '@storybook/react-vite';
import { AgentInbox } from 'latchkit';
import type { FakeThread } from 'latchkit/testing';
import { expect, fn, waitFor, within } from 'storybook/test';
import { ME } from './support/content.ts';
import { backendOf } from './support/scene.ts';

const waits = (
  id: string,
  title: string,
  askedBy: string,
  minutesAgo: number,
  text: string,
  reason?: string,
): FakeThread => ({
  id,
  title,
  members: [askedBy, { id: 'jun', role: 'agent' }],
  messages: [{ author: askedBy, minutesAgo: minutesAgo + 1, text }],
  assistant: { waiting: { askedBy, minutesAgo, ...(reason && { reason }) } },
});
const WAITING = [
  waits('o-1042', 'Order 1042', 'ines', 6, 'That is four days. I need it for the weekend.', 'Needs it for the weekend'),
  waits('o-977', 'Order 977', 'noor', 94, 'Please, a person.'),
  waits('refund', 'Refund of the June invoice, with VAT shown twice', 'ada', 1, 'It was paid twice.', 'Paid twice'),
];
const MINE: FakeThread = {
  ...waits('o-881', 'Order 881', 'ines', 40, 'Thank you, that helps.'),
  members: ['ines', { id: ME, role: 'agent' }],
  assistant: { agent: ME },
};

const meta = {
  title: 'AgentInbox',
  component: AgentInbox,
  args: { onSelect: fn() },
  parameters: { scene: { threads: [...WAITING, MINE], staff: [ME] } },
  decorators: [(Story) => <div className="stage-card stage-side">{<Story />}</div>],
} satisfies Meta<typeof AgentInbox>;

export default meta;
type Story = StoryObj<typeof meta>;

const dark = { theme: 'dark' };

/** The longest wait first, with who asked and why; below, what one answers in. */
export const Conversations: Story = {
  play: async ({ canvas, canvasElement, userEvent, args }) => {
    await canvas.findByText('Order 977');
    const titles = [...canvasElement.querySelectorAll('.lk-thread-title')].map((title) => title.textContent);
    await expect(titles).toEqual(['Order 977', 'Order 1042', WAITING[2]?.title, 'Order 881']);
    await canvas.findByText('3 conversations wait for a person');
    await canvas.findByText('Answered by you');
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
    await userEvent.click(canvas.getByRole('button', { name: /^Order 977/ }));
    await expect(args.onSelect).toHaveBeenCalledWith('o-977');
  },
};
export const ConversationsDark: Story = { ...Conversations, globals: dark };
export const ConversationsPhone: Story = { ...Conversations, globals: { viewport: { value: 'phone' } } };
export const ConversationsArabic: Story = {
  globals: { language: 'ar' },
  play: async ({ canvas }) => void (await canvas.findByText('Order 977')),
};

/** What one takes opens, and is one’s own from then on. */
export const Taking: Story = {
  play: async ({ canvas, userEvent, args }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Take over: Order 977' }));
    await canvas.findByText('2 conversations wait for a person');
    await expect(args.onSelect).toHaveBeenCalledWith('o-977');
  },
};

/** Others take, ask and write meanwhile. */
export const Live: Story = {
  play: async (context) => {
    const { canvas } = context;
    await canvas.findByText('Order 977');
    backendOf(context).handOver({ threadId: 'o-977', userId: 'jun', step: 'take' });
    backendOf(context).receive({ threadId: 'o-1042', author: 'ines', text: 'Hello?' });
    await canvas.findByText('Ines Duarte: Hello?');
    await expect(canvas.queryByText('Order 977')).toBeNull();
  },
};

/** Reached, opened and taken without a mouse. */
export const Keyboard: Story = {
  play: async ({ canvas, userEvent, args }) => {
    const target = await canvas.findByRole('button', { name: 'Take over: Order 1042' });
    for (let i = 0; i < 12 && document.activeElement !== target; i++) await userEvent.tab();
    await expect(target).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(args.onSelect).toHaveBeenCalledWith('o-1042'));
    // The row has gone to another list: the focus is on the one in its place.
    await waitFor(() => expect(document.activeElement?.closest('li')?.textContent).toMatch(/Refund/));
  },
};

export const Empty: Story = {
  parameters: { scene: { threads: [], staff: [ME] } },
  play: async ({ canvas }) => void (await canvas.findByText('Nobody is waiting')),
};
export const EmptyDark: Story = { ...Empty, globals: dark };

export const Loading: Story = {
  parameters: { scene: { threads: WAITING, staff: [ME], faults: { listInbox: 'never-answers' } } },
  play: async ({ canvas }) => void (await canvas.findByText('Loading the inbox')),
};

/** Who is to have no inbox. */
export const Refused: Story = {
  parameters: { scene: { threads: WAITING, faults: { listInbox: 'action_forbidden' } } },
  play: async ({ canvas }) => void (await within(await canvas.findByRole('alert')).findByText('Something went wrong.')),
};

export const ManyPages: Story = {
  parameters: { scene: { threads: WAITING, staff: [ME], pageSize: 2 } },
  play: async ({ canvas, userEvent }) => {
    await canvas.findByText('2+');
    await userEvent.click(await canvas.findByRole('button', { name: 'More conversations that wait' }));
    await canvas.findByText(/^Refund/);
  },
};
