import type { Meta, StoryObj } from '@storybook/react-vite';
import { ChatProvider, ChatWindow } from 'latchkit';
import { createFakeFetchToken, type FakeThread } from 'latchkit/testing';
import { useState } from 'react';
import { expect, waitFor, within } from 'storybook/test';
import { EMPTY, HELP_DESK, ME, ROUGH, RTL, SECURITY, shiftNotes, THREADS } from './support/content.ts';
import { scrollBack, scrollerOf } from './support/dom.ts';
import { backendOf, type Scene, type SceneOptions } from './support/scene.ts';

const meta = {
  title: 'ChatWindow',
  component: ChatWindow,
  args: { threadId: HELP_DESK.id, showThreads: true },
} satisfies Meta<typeof ChatWindow>;

export default meta;
type Story = StoryObj<typeof meta>;

const scene = (options: SceneOptions) => ({ scene: options });
const dark = { theme: 'dark' };
const phone = { viewport: { value: 'phone' } };

/** The window, its conversations beside it. A click or the keyboard opens another one. */
export const Conversations: Story = {
  render: function Conversations({ threadId, ...args }) {
    const [open, setOpen] = useState(threadId);
    return <ChatWindow {...args} threadId={open} onThreadChange={setOpen} />;
  },
  play: async ({ canvas, userEvent }) => {
    await inLog(canvas, /An invitation is valid for 7 days/);
    await userEvent.click(await canvas.findByText('Ops on call'));
    await inLog(canvas, 'Rolling back 4f1c9a2.');
    await expect(canvas.getByRole('textbox', { name: 'Message to Ops on call' })).toBeVisible();
  },
};

export const ConversationsDark: Story = {
  globals: dark,
  play: async ({ canvas }) => {
    await inLog(canvas, /An invitation is valid for 7 days/);
  },
};

export const Phone: Story = { ...ConversationsDark, args: { showThreads: false }, globals: phone };

export const PhoneDark: Story = { ...Phone, globals: { ...phone, ...dark } };

/** On a phone the list and the conversation take turns; the back button leads from one to the other. */
export const PhoneConversations: Story = {
  globals: phone,
  render: Conversations.render,
  play: async ({ canvas, userEvent }) => {
    await inLog(canvas, /An invitation is valid for 7 days/);
    await userEvent.click(canvas.getByRole('button', { name: 'Back to conversations' }));
    await userEvent.click(await canvas.findByText('Billing review'));
    await inLog(canvas, 'Which three?');
  },
};

export const Empty: Story = {
  args: { threadId: EMPTY.id },
  parameters: scene({ threads: [...THREADS, EMPTY] }),
  play: async ({ canvas }) => {
    await canvas.findByText('Write the first one.');
  },
};

export const Loading: Story = {
  parameters: scene({ faults: { openThread: 'never-answers', listThreads: 'never-answers' } }),
  play: async ({ canvas }) => {
    await canvas.findByText('Loading messages');
  },
};

export const LoadingDark: Story = { ...Loading, globals: dark };

/** 2,000 messages: only the rows around the view are in the page, and older ones are read as the person scrolls up. */
export const LongHistory: Story = {
  args: { threadId: 'shift-notes' },
  parameters: scene({ threads: [shiftNotes(2000)], latencyMs: 20 }),
  play: async (context) => {
    const { canvas } = context;
    const log = await canvas.findByRole('log');
    await canvas.findByText(/^Note 2000\./);
    await expect(canvas.queryAllByText(/^Note /).length).toBeLessThan(100);
    await expect(pagesAsked(context)).toBe(0);
    await scrollBack(log, scrollerOf(log).scrollHeight);
    await waitFor(() => expect(pagesAsked(context)).toBeGreaterThan(0));
    await waitFor(() => {
      scrollerOf(log).scrollTop = 0;
      return expect(Math.min(...notesShown(canvas))).toBeLessThan(1940);
    });
  },
};

/** All 2,000 in one page: the list stays as light as with 20. */
export const LongPage: Story = {
  args: { threadId: 'shift-notes', showThreads: false },
  parameters: scene({ threads: [shiftNotes(2000)], pageSize: 2000 }),
  play: async ({ canvas }) => {
    await canvas.findByText(/^Note 2000\./);
    await expect(canvas.queryAllByText(/^Note /).length).toBeLessThan(100);
  },
};

/** A message stands in the list at once; the server has not answered yet. */
export const Sending: Story = {
  parameters: scene({ faults: { sendMessage: 'never-answers' } }),
  play: async ({ canvas, userEvent }) => {
    await write(canvas, userEvent, 'Perfect, I have invited Noor.');
    await expect(await canvas.findByText('Sending…')).toBeVisible();
    await expect(canvas.getByRole('textbox')).toHaveValue('');
  },
};

/** The same, and then the answer comes. */
export const Sent: Story = {
  ...Sending,
  play: async (context) => {
    await Sending.play?.(context);
    backendOf(context).setFault('sendMessage', null);
    await waitFor(() => expect(context.canvas.queryByText('Sending…')).toBeNull());
    await expect(backendOf(context).messages(HELP_DESK.id).at(-1)).toMatchObject({ author: { name: 'Mara Lindt' } });
  },
};

/** Refused for good (what passes is tried again by itself): the message stays, says why, and can be sent again or discarded. */
export const Failed: Story = {
  parameters: scene({ faults: { sendMessage: 'forbidden' } }),
  play: async ({ canvas, userEvent }) => {
    await write(canvas, userEvent, 'Perfect, I have invited Noor.');
    await canvas.findByText(/Not sent/);
    await expect(canvas.getByText(/You do not have access to this chat/)).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Discard' })).toBeVisible();
  },
};

export const FailedDark: Story = { ...Failed, globals: dark };

export const RetryWorks: Story = {
  ...Failed,
  play: async (context) => {
    const { canvas, userEvent } = context;
    await Failed.play?.(context);
    const backend = backendOf(context);
    const before = backend.messages(HELP_DESK.id).length;
    backend.setFault('sendMessage', null);
    await userEvent.click(await still(canvas.getByRole('button', { name: 'Retry' })));
    await waitFor(() => expect(backend.messages(HELP_DESK.id)).toHaveLength(before + 1));
    await waitFor(() => expect(canvas.queryByText(/Not sent/)).toBeNull());
    // Both tries carried the same id: that is what keeps a retry from storing twice.
    const ids = backend.requests.flatMap(({ messageId }) => messageId ?? []);
    await expect(new Set(ids).size).toBe(1);
    await expect(ids).toHaveLength(2);
  },
};

export const DiscardForgets: Story = {
  ...Failed,
  play: async (context) => {
    const { canvas, userEvent } = context;
    await Failed.play?.(context);
    await userEvent.click(await still(canvas.getByRole('button', { name: 'Discard' })));
    await waitFor(() => expect(canvas.queryByText('Perfect, I have invited Noor.')).toBeNull());
  },
};

/** No network: what is written waits. */
export const Offline: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context;
    await inLog(canvas, /An invitation is valid for 7 days/);
    backendOf(context).goOffline();
    await canvas.findByText('Offline. Messages will be sent when you are back.');
    await write(canvas, userEvent, 'I am on the train, back in a minute.');
    await expect(canvas.getByText('Sending…')).toBeVisible();
  },
};

export const OfflineDark: Story = { ...Offline, globals: { ...dark, ...phone }, args: { showThreads: false } };

/** The network is back: what was missed and what waited are both there, once. */
export const BackOnline: Story = {
  play: async (context) => {
    const { canvas } = context;
    await Offline.play?.(context);
    const backend = backendOf(context);
    backend.receive({ threadId: HELP_DESK.id, author: 'ada', text: 'I have closed the ticket for now.' });
    backend.goOnline();
    await inLog(canvas, 'I have closed the ticket for now.');
    await waitFor(() => expect(canvas.queryByText('Sending…')).toBeNull());
    await expect(canvas.queryByText(/^Offline/)).toBeNull();
    await expect(canvas.getAllByRole('log')).toHaveLength(1);
    const log = within(canvas.getByRole('log'));
    await expect(log.getAllByText('I am on the train, back in a minute.')).toHaveLength(1);
  },
};

export const Reconnecting: Story = {
  play: async (context) => {
    const { canvas } = context;
    await inLog(canvas, /An invitation is valid for 7 days/);
    backendOf(context).disconnect();
    await canvas.findByText(/^Reconnecting…/);
  },
};

export const ReconnectingDark: Story = { ...Reconnecting, globals: dark };

export const SignedOut: Story = {
  parameters: scene({ userId: null }),
  play: async (context) => {
    await expect((await context.canvas.findAllByText(/You are signed out\./)).length).toBeGreaterThan(0);
    await expect(backendOf(context).requests).toEqual([]);
  },
};

export const SignedOutDark: Story = { ...SignedOut, globals: dark };

/** The app's token endpoint says that this account may not chat (403). Nothing is tried again. */
export const TokenRefused: Story = {
  parameters: scene({ token: { fault: 'forbidden' } }),
  play: async ({ canvas }) => {
    await expect((await canvas.findAllByText(/You do not have access to this chat\./)).length).toBeGreaterThan(0);
  },
};

export const TokenRefusedDark: Story = { ...TokenRefused, globals: dark };

/** Token endpoint and chat server disagree about the secret: said to the developer, with the remedy. */
export const ServerRejectsToken: Story = {
  parameters: scene({ connectionStatus: 'closed', connectionError: 'server_rejects_fresh_token' }),
  play: async ({ canvas }) => {
    await expect((await canvas.findAllByText(/share secret, issuer and audience/)).length).toBeGreaterThan(0);
  },
};

/** A conversation of others: the reason, and nothing to write into. */
export const ThreadRefused: Story = {
  args: { threadId: SECURITY.id },
  play: async ({ canvas }) => {
    await canvas.findByText('You may not read this conversation.');
    await expect(canvas.getByText(/Ask a member of the conversation/)).toBeVisible();
  },
};

export const ThreadRefusedDark: Story = { ...ThreadRefused, globals: dark };

export const ThreadNotFound: Story = {
  args: { threadId: 'no-such-thread' },
  play: async ({ canvas }) => {
    await canvas.findByText('This conversation does not exist.');
  },
};

/** The conversation could not be loaded; Retry reads it again. */
export const LoadingFails: Story = {
  parameters: scene({ faults: { openThread: 'internal' } }),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const retry = await canvas.findByRole('button', { name: 'Retry' });
    backendOf(context).setFault('openThread', null);
    await userEvent.click(retry);
    await inLog(canvas, /An invitation is valid for 7 days/);
  },
};

/** Somebody writes while the person reads further up: the list stays where it is, and a button counts. */
export const NewWhileScrolledUp: Story = {
  args: { threadId: 'shift-notes', showThreads: false },
  parameters: scene({ threads: [shiftNotes(120)] }),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const log = await canvas.findByRole('log');
    await canvas.findByText(/^Note 120\./);
    await scrollBack(log, 900);
    await waitFor(() => expect(canvas.queryByText(/^Note 120\./)).toBeNull());
    const scroller = scrollerOf(log);
    const before = scroller.scrollTop;
    backendOf(context).receive({ threadId: 'shift-notes', author: 'jun', text: 'Incident closed.' });
    backendOf(context).receive({ threadId: 'shift-notes', author: 'noor', text: 'Thanks, everybody.' });
    const badge = await canvas.findByRole('button', { name: /2 new messages/ });
    await expect(Math.abs(scroller.scrollTop - before)).toBeLessThanOrEqual(1);
    await userEvent.click(badge);
    await canvas.findByText('Thanks, everybody.');
    await waitFor(() => expect(canvas.queryByRole('button', { name: /new message/ })).toBeNull());
  },
};

/** The same, held at the moment when the button counts. */
export const NewMessagesBadge: Story = {
  ...NewWhileScrolledUp,
  globals: dark,
  play: async (context) => {
    const { canvas } = context;
    const log = await canvas.findByRole('log');
    await canvas.findByText(/^Note 120\./);
    await scrollBack(log, 900);
    await waitFor(() => expect(canvas.queryByText(/^Note 120\./)).toBeNull());
    backendOf(context).receive({ threadId: 'shift-notes', author: 'jun', text: 'Incident closed.' });
    await canvas.findByRole('button', { name: /1 new message/ });
  },
};

/** Long words and addresses, emoji and other scripts stay inside the window, on a phone too. */
export const RoughText: Story = {
  args: { threadId: ROUGH.id, showThreads: false },
  parameters: scene({ threads: [ROUGH] }),
  globals: phone,
  play: async ({ canvas, canvasElement }) => {
    await canvas.findByText(/Nothing is lost in between/);
    const scroller = scrollerOf(canvas.getByRole('log'));
    await expect(scroller.scrollWidth).toBeLessThanOrEqual(scroller.clientWidth);
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

export const RoughTextWide: Story = { ...RoughText, globals: dark };

/** Each message runs in its own direction. */
export const RightToLeft: Story = {
  args: { threadId: RTL.id },
  parameters: scene({ threads: [RTL] }),
  play: async ({ canvas }) => {
    const arabic = await inLog(canvas, /الفاتورة رقم/);
    await expect(getComputedStyle(arabic).direction).toBe('rtl');
    await expect(getComputedStyle(await inLog(canvas, /closing the ticket/)).direction).toBe('ltr');
  },
};

/** Two people, one backend: each sees what the other writes. */
export const TwoPeople: Story = {
  args: { showThreads: false },
  render: (args, { loaded, globals }) => (
    <div className="stage-pair">
      <ChatWindow {...args} />
      <ChatProvider
        userId="ada"
        backend={(loaded.scene as Scene).backend}
        fetchToken={fetchAdasToken}
        theme={globals.theme === 'dark' ? 'dark' : 'light'}
        strings={{ windowLabel: 'Chat of Ada', messagesLabel: () => 'Messages on Ada’s screen' }}
      >
        <ChatWindow {...args} />
      </ChatProvider>
    </div>
  ),
  play: async ({ canvas, userEvent }) => {
    const ada = within(await canvas.findByRole('log', { name: 'Messages on Ada’s screen' }));
    const [maras] = await canvas.findAllByRole('textbox', { name: 'Message to Help desk' });
    await userEvent.type(maras as HTMLElement, 'Can you see this?{Enter}');
    await ada.findByText('Can you see this?');
  },
};

const fetchAdasToken = createFakeFetchToken({ userId: 'ada' });

type Context = Parameters<NonNullable<Story['play']>>[0];
type Canvas = Context['canvas'];
type User = Context['userEvent'];

async function write(canvas: Canvas, userEvent: User, text: string): Promise<void> {
  const box = await canvas.findByRole('textbox');
  await waitFor(() => expect(box).toBeEnabled());
  await userEvent.type(box, `${text}{Enter}`);
  await inLog(canvas, text);
}

/** A message, once it is in the list: its text stands beside the conversation's title, too. */
async function inLog(canvas: Canvas, text: string | RegExp): Promise<HTMLElement> {
  return within(await canvas.findByRole('log')).findByText(text);
}

const pagesAsked = (context: Context): number =>
  backendOf(context).requests.filter(({ name }) => name === 'loadOlder').length;

/** The numbers of the shift notes that are in the page. */
function notesShown(canvas: Canvas): number[] {
  const log = within(canvas.getByRole('log'));
  return log.getAllByText(/^Note \d+\./).map(({ textContent }) => Number(/\d+/.exec(textContent)?.[0]));
}

/** A button within a row, once the list has stopped scrolling: until then it takes no clicks. */
async function still(button: HTMLElement): Promise<HTMLElement> {
  await waitFor(() => expect(getComputedStyle(button).pointerEvents).not.toBe('none'));
  return button;
}

const REVIEW: FakeThread = {
  id: 'review',
  title: 'Billing review',
  members: [{ id: ME, role: 'owner' }, 'ada', 'ines'],
  messages: [
    {
      id: 'numbers',
      author: 'ines',
      minutesAgo: 40,
      text: 'The June numbers are in. 214 invoices, 3 of them disputed. Which do we settle before the quarter closes?',
    },
    { id: 'which', author: ME, minutesAgo: 38, text: 'Which three?' },
    { author: 'ines', minutesAgo: 30, text: '2026-0598, 2026-0604 and 2026-0612.', replyTo: 'which' },
    { author: ME, minutesAgo: 22, text: 'Settle the first two, I sign.', replyTo: 'numbers' },
    { id: 'third', author: 'ada', minutesAgo: 15, text: 'The third was paid in May already.', replyTo: 'numbers' },
    { id: 'thanks', author: 'ines', minutesAgo: 12, text: 'Thanks, both. I write to them.', replyTo: 'third' },
  ],
};

/** A reply quotes what it answers, and goes there at a press; “R” or the arrow answers. */
export const Replying: Story = {
  args: { threadId: REVIEW.id },
  parameters: scene({ threads: [REVIEW, ...THREADS] }),
  play: async ({ canvas, canvasElement, userEvent }) => {
    await canvas.findByRole('button', { name: 'In reply to You: Which three?' });
    canvasElement.querySelector<HTMLElement>('[data-message-id="thanks"]')?.focus();
    await userEvent.keyboard('r');
    await canvas.findByText('Replying to Ines Duarte');
    await waitFor(() => expect(canvas.getByRole('textbox')).toHaveFocus());
  },
};

export const ReplyingDark: Story = { ...Replying, globals: dark };

/** All replies that begin with a message, beside the conversation; on a phone in its place. Escape leads back. */
export const Replies: Story = {
  ...Replying,
  play: async ({ canvas, userEvent }) => {
    (await canvas.findByRole('button', { name: '3 replies' })).focus();
    await userEvent.keyboard('{Enter}');
    const panel = await canvas.findByRole('dialog', { name: 'Replies' });
    await within(panel).findByText('The third was paid in May already.', { selector: '.lk-paragraph' });
    await waitFor(() => expect(panel).toHaveFocus());
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(canvas.getByRole('button', { name: '3 replies' })).toHaveFocus());
    await userEvent.keyboard('{Enter}');
    await canvas.findByRole('dialog', { name: 'Replies' });
  },
};

export const RepliesDark: Story = { ...Replies, globals: dark };
export const RepliesPhone: Story = { ...Replies, args: { ...Replies.args, showThreads: false }, globals: phone };

/** What is pinned stands above the conversation: the newest, and the others at a press. */
export const Pinned: Story = {
  ...Replying,
  play: async (context) => {
    const { canvas, userEvent } = context;
    const backend = backendOf(context);
    await canvas.findByRole('button', { name: 'In reply to You: Which three?' });
    backend.pin({ threadId: REVIEW.id, messageId: 'numbers', userId: 'ines' });
    backend.pin({ threadId: REVIEW.id, messageId: 'third', userId: 'ada' });
    (await canvas.findByRole('button', { name: '2 pinned messages' })).focus();
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(canvas.getAllByRole('button', { name: /^Pinned, / })).toHaveLength(2));
  },
};

export const PinnedDark: Story = { ...Pinned, globals: dark };
export const PinnedPhone: Story = { ...Pinned, args: { ...Pinned.args, showThreads: false }, globals: phone };

/** What people reported, for whoever watches over the conversation: how many in its header, and what to decide on at a press. */
export const Reported: Story = {
  args: { threadId: REVIEW.id },
  parameters: scene({
    threads: [{ ...REVIEW, members: [{ id: ME, role: 'agent' }, 'ada', 'ines', 'jun'] }, ...THREADS],
  }),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const backend = backendOf(context);
    await canvas.findByRole('button', { name: 'In reply to You: Which three?' });
    const about = { threadId: REVIEW.id, messageId: 'numbers' };
    backend.report({ ...about, userId: 'ada', reason: 'private', note: 'Invoice numbers do not belong here.' });
    backend.report({ ...about, userId: 'jun', reason: 'other' });
    backend.report({ threadId: REVIEW.id, messageId: 'third', userId: 'ines', reason: 'spam' });
    (await canvas.findByRole('button', { name: '2 reported messages' })).focus();
    await userEvent.keyboard('{Enter}');
    const dialog = await canvas.findByRole('dialog', { name: 'Reported messages' });
    await expect(within(dialog).getAllByRole('button', { name: 'Keep' })).toHaveLength(2);
  },
};

export const ReportedDark: Story = { ...Reported, globals: dark };

/** Reporting another’s message asks what is wrong with it. */
export const Reporting: Story = {
  ...Replying,
  play: async ({ canvas, canvasElement, userEvent }) => {
    await canvas.findByRole('button', { name: 'In reply to You: Which three?' });
    canvasElement.querySelector<HTMLElement>('[data-message-id="third"]')?.focus();
    await userEvent.keyboard('{Enter}');
    await userEvent.click(await still(await canvas.findByRole('menuitem', { name: 'Report…' })));
    await canvas.findByRole('dialog', { name: 'Report this message' });
  },
};

export const ReportingPhone: Story = { ...Reporting, args: { ...Reporting.args, showThreads: false }, globals: phone };

const LONG = shiftNotes(200);

/** Opened by a link to a message far back: there it is, and stands out for a moment. */
export const Linked: Story = {
  args: { threadId: LONG.id, messageId: `${LONG.id}-40` },
  parameters: scene({ threads: [LONG], pageSize: 30 }),
  play: async ({ canvas }) => {
    const message = (await canvas.findByText(/^Note 40\./)).closest('article');
    await waitFor(() => expect(message).toHaveAttribute('data-highlighted', 'true'));
  },
};

/** A link to what is not there says so, where the newest messages are. */
export const LinkedToNothing: Story = {
  args: { threadId: LONG.id, messageId: 'nowhere' },
  parameters: scene({ threads: [LONG], pageSize: 30 }),
  play: async ({ canvas }) => {
    await canvas.findByText('This message cannot be shown');
    await canvas.findByText(/^Note 200\./);
  },
};
