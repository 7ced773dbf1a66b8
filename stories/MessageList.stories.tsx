import type { Meta, StoryObj } from '@storybook/react-vite';
import { MessageList } from 'latchkit';
import type { FakeThread } from 'latchkit/testing';
import { expect, waitFor } from 'storybook/test';
import { BILLING, EMPTY, HELP_DESK, ME, OPS, ROUGH, RTL, SECURITY, shiftNotes } from './support/content.ts';
import { distanceFromEnd, scrollBack, scrollerOf } from './support/dom.ts';
import { backendOf } from './support/scene.ts';

const meta = {
  title: 'MessageList',
  component: MessageList,
  args: { threadId: HELP_DESK.id },
  decorators: [(Story) => <div className="stage-card stage-fill">{<Story />}</div>],
} satisfies Meta<typeof MessageList>;

export default meta;
type Story = StoryObj<typeof meta>;

const dark = { theme: 'dark' };

/** Days are told apart, and messages that follow each other show their author once. */
export const Days: Story = {
  play: async ({ canvas }) => {
    await canvas.findByText(/An invitation is valid for 7 days/);
    await expect(canvas.getByRole('log')).toBeVisible();
    await expect((await canvas.findAllByText(/^(Today|Yesterday)$/)).length).toBeGreaterThan(0);
    const adas = (HELP_DESK.messages ?? []).filter(({ author }) => author === 'ada').length;
    await expect(canvas.getAllByText('Ada Osei').length).toBeLessThan(adas);
  },
};

export const DaysDark: Story = { ...Days, globals: dark };

export const Empty: Story = {
  args: { threadId: EMPTY.id },
  parameters: { scene: { threads: [EMPTY] } },
  play: async ({ canvas }) => {
    await canvas.findByText('No messages yet');
  },
};

export const EmptyDark: Story = { ...Empty, globals: dark };

export const Loading: Story = {
  parameters: { scene: { faults: { openThread: 'never-answers' } } },
  play: async ({ canvas }) => {
    await canvas.findByText('Loading messages');
  },
};

/** Older messages are read as the top comes near, and what the person was reading stays where it is. */
export const OlderPages: Story = {
  args: { threadId: 'shift-notes' },
  parameters: { scene: { threads: [shiftNotes(400)], pageSize: 50, latencyMs: 30 } },
  play: async (context) => {
    const { canvas } = context;
    await canvas.findByText(/^Note 400\./);
    const log = canvas.getByRole('log');
    const scroller = scrollerOf(log);
    await scrollBack(log, scroller.scrollHeight - scroller.clientHeight - 40);
    const anchor = await canvas.findByText(/^Note 352\./);
    const before = anchor.getBoundingClientRect().top;
    await waitFor(() => expect(backendOf(context).requests.some(({ name }) => name === 'loadOlder')).toBe(true));
    await new Promise((resolve) => setTimeout(resolve, 400));
    await expect(Math.abs(canvas.getByText(/^Note 352\./).getBoundingClientRect().top - before)).toBeLessThanOrEqual(1);
    // Each page was asked for once.
    const asked = backendOf(context).requests.flatMap(({ beforeSeq }) => beforeSeq ?? []);
    await expect(new Set(asked).size).toBe(asked.length);
  },
};

/** At the bottom the list follows what arrives. */
export const Follows: Story = {
  args: { threadId: 'shift-notes' },
  parameters: { scene: { threads: [shiftNotes(200)] } },
  play: async (context) => {
    const { canvas } = context;
    await canvas.findByText(/^Note 200\./);
    for (let n = 1; n <= 30; n++) {
      backendOf(context).receive({
        threadId: 'shift-notes',
        author: n % 2 ? 'jun' : 'noor',
        text: `Alert ${n} cleared.`,
      });
    }
    await canvas.findByText('Alert 30 cleared.');
    await waitFor(() => expect(distanceFromEnd(canvas.getByRole('log'))).toBeLessThanOrEqual(1));
    await expect(canvas.queryByRole('button', { name: /new message/ })).toBeNull();
  },
};

const unreadNotes = { ...shiftNotes(120), members: [ME, 'jun', 'noor'], read: { [ME]: 96 } };

/** “New messages” stands above the first unread one; a button leads there while it lies above the screen. */
export const UnreadFrom: Story = {
  args: { threadId: 'shift-notes' },
  parameters: { scene: { threads: [unreadNotes] } },
  play: async ({ canvas, userEvent }) => {
    await canvas.findByText(/^Note 120\./);
    await userEvent.click(await canvas.findByRole('button', { name: 'Go to the first unread message' }));
    // A row is hidden until it was measured.
    await waitFor(() => expect(canvas.getByText('New messages')).toBeVisible());
    await canvas.findByText(/^Note 97\./);
    await waitFor(() => expect(canvas.queryByRole('button', { name: /first unread/ })).toBeNull());
  },
};

export const UnreadFromDark: Story = { ...UnreadFrom, globals: dark };

/** Between two people a word says that the message was read; in a group, the pictures of who did. */
export const ReadByOne: Story = {
  args: { threadId: BILLING.id },
  parameters: { scene: { threads: [{ ...BILLING, read: { ines: 1 } }] } },
  play: async (context) => {
    const { canvas } = context;
    await canvas.findByText('Sent');
    backendOf(context).read({ threadId: BILLING.id, userId: 'ines', messageId: `${BILLING.id}-2` });
    await expect(await canvas.findByText('Read')).toHaveAttribute('title', 'Read by Ines Duarte');
  },
};

const everybody = ['ada', 'ines', 'jun', 'noor'];
export const ReadByMany: Story = {
  args: { threadId: OPS.id },
  parameters: {
    scene: {
      threads: [{ ...OPS, members: [ME, ...everybody], read: Object.fromEntries(everybody.map((id) => [id, 7])) }],
    },
  },
  play: async ({ canvas }) => {
    await expect((await canvas.findAllByText(/^Read by Ada Osei, .* and Noor Haddad$/)).length).toBeGreaterThan(0);
    await expect(canvas.getAllByText('+1').length).toBeGreaterThan(0);
  },
};

export const ReadByManyDark: Story = { ...ReadByMany, globals: dark };

export const Refused: Story = {
  args: { threadId: SECURITY.id },
  play: async ({ canvas }) => {
    await canvas.findByText('You may not read this conversation.');
  },
};

export const RefusedDark: Story = { ...Refused, globals: dark };

export const RoughText: Story = {
  args: { threadId: ROUGH.id },
  parameters: { scene: { threads: [ROUGH] } },
  play: async ({ canvas }) => {
    await canvas.findByText(/Nothing is lost in between/);
    const scroller = scrollerOf(canvas.getByRole('log'));
    await expect(scroller.scrollWidth).toBeLessThanOrEqual(scroller.clientWidth);
  },
};

export const RightToLeft: Story = {
  args: { threadId: RTL.id },
  parameters: { scene: { threads: [RTL] } },
  globals: { viewport: { value: 'phone' } },
  play: async ({ canvas }) => {
    await canvas.findByText(/closing the ticket/);
    await expect(getComputedStyle(canvas.getByText(/النسخة الجديدة/)).direction).toBe('rtl');
  },
};

const EVENTS = {
  ...HELP_DESK,
  messages: [
    { author: 'ines', event: { type: 'thread.created', title: 'Ops' }, minutesAgo: 90 },
    {
      author: 'ines',
      event: {
        type: 'member.added',
        people: [
          { id: 'ada', name: 'Ada Osei' },
          { id: ME, name: 'Me' },
        ],
        count: 5,
      },
      minutesAgo: 90,
    },
    { author: 'ada', text: 'The import is stuck again at file 12.', minutesAgo: 40 },
    { author: 'ines', event: { type: 'thread.renamed', title: 'Import, file 12' }, minutesAgo: 30 },
    { author: ME, text: 'I am looking at it now.', minutesAgo: 12 },
    {
      author: 'ines',
      event: { type: 'member.role-changed', people: [{ id: 'ada', name: 'Ada Osei' }], count: 1, role: 'owner' },
      minutesAgo: 9,
    },
    { author: 'ines', event: { type: 'member.left' }, minutesAgo: 8 },
  ],
} satisfies FakeThread;

/** What happened to the conversation stands between its messages, and is unread to nobody. */
export const SystemMessages: Story = {
  parameters: { scene: { threads: [EVENTS] } },
  play: async (context) => {
    const { canvas } = context;
    await canvas.findByText(/renamed the conversation to “Import, file 12”/);
    // What lays the list out may come between finding it and looking at it.
    await waitFor(() => expect(canvas.getByText(/added Ada Osei, you and 3 others/)).toBeVisible());
    // Both, after midnight.
    await canvas.findAllByText(/^(Today|Yesterday)$/);
    backendOf(context).setMember(HELP_DESK.id, 'jun', 'member', { by: 'jun' });
    await canvas.findByText(/joined/);
  },
};

export const SystemMessagesDark: Story = { ...SystemMessages, globals: dark };
