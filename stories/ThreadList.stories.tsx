import type { Meta, StoryObj } from '@storybook/react-vite';
import { ThreadList } from 'latchkit';
import { expect, fn, waitFor, within } from 'storybook/test';
import { BILLING, HELP_DESK, ME, OPS, ROUGH, RTL, shiftNotes } from './support/content.ts';
import { backendOf } from './support/scene.ts';

const meta = {
  title: 'ThreadList',
  component: ThreadList,
  args: { selectedId: HELP_DESK.id, onSelect: fn() },
  decorators: [(Story) => <div className="stage-card stage-side">{<Story />}</div>],
} satisfies Meta<typeof ThreadList>;

export default meta;
type Story = StoryObj<typeof meta>;

const dark = { theme: 'dark' };

/** The latest first; what the person may not read is not there. */
export const Conversations: Story = {
  play: async ({ canvas, userEvent, args }) => {
    await canvas.findByText('Help desk');
    const titles = ['Help desk', 'Ops on call', 'Billing review', 'Jun Mori'];
    const tops = titles.map((title) => canvas.getByText(title).getBoundingClientRect().top);
    await expect(tops).toEqual([...tops].sort((a, b) => a - b));
    await expect(canvas.queryByText('Security review')).toBeNull();
    await userEvent.click(canvas.getByText('Ops on call'));
    await expect(args.onSelect).toHaveBeenCalledOnce();
    await expect(args.onSelect).toHaveBeenCalledWith('ops-on-call');
  },
};

export const ConversationsDark: Story = { ...Conversations, globals: dark };

/** Reached and opened without a mouse. */
export const Keyboard: Story = {
  play: async ({ canvas, userEvent, args }) => {
    await canvas.findByText('Billing review');
    const target = canvas.getByRole('button', { name: /^Billing review/ });
    for (let i = 0; i < 12 && document.activeElement !== target; i++) await userEvent.tab();
    await expect(target).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await expect(args.onSelect).toHaveBeenCalledOnce();
    await expect(args.onSelect).toHaveBeenCalledWith('billing-review');
  },
};

/** A message arrives in another conversation: it moves up, with its line. */
export const NewMessage: Story = {
  play: async (context) => {
    const { canvas } = context;
    await canvas.findByText('Ops on call');
    backendOf(context).receive({ threadId: OPS.id, author: 'jun', text: 'Incident closed.' });
    await canvas.findByText('Jun Mori: Incident closed.');
    const top = (title: string) => canvas.getByText(title).getBoundingClientRect().top;
    await waitFor(() => expect(top('Ops on call')).toBeLessThan(top('Help desk')));
  },
};

const notes = { ...shiftNotes(140), members: [ME, 'jun', 'noor'], read: { [ME]: 0 } };
const billing = { ...BILLING, read: { [ME]: 0 } };

/** What is unread stands beside each conversation, and goes when it was read somewhere. */
export const Unread: Story = {
  parameters: { scene: { threads: [HELP_DESK, billing, notes] } },
  play: async (context) => {
    const { canvas } = context;
    await expect(await canvas.findByRole('button', { name: /Billing review.*2 unread messages/ })).toBeVisible();
    await expect(canvas.getByText('99+')).toBeVisible();
    await expect(canvas.getByRole('button', { name: /^Help desk/ })).toHaveAttribute('data-unread', 'false');
    backendOf(context).receive({ threadId: BILLING.id, author: 'ines', text: 'And a fourth.' });
    await canvas.findByRole('button', { name: /Billing review.*3 unread messages/ });
    backendOf(context).read({ threadId: BILLING.id, userId: ME });
    await waitFor(() => expect(canvas.queryByRole('button', { name: /Billing review.*unread/ })).toBeNull());
    backendOf(context).receive({ threadId: BILLING.id, author: 'ines', text: 'A fifth.' });
    await canvas.findByRole('button', { name: /Billing review.*1 unread message/ });
  },
};

export const UnreadDark: Story = { ...Unread, globals: dark };

/** A muted conversation counts in no total; an archived one waits behind the switch. Both by the menu of its row. */
export const MuteAndArchive: Story = {
  parameters: { scene: { threads: [HELP_DESK, billing, notes, OPS] } },
  play: async (context) => {
    const { canvas, userEvent } = context;
    await canvas.findByText('Billing review');
    const choose = async (title: string, entry: string) => {
      const item = within(canvas.getByText(title).closest('li')!);
      await userEvent.click(item.getByRole('button', { name: /^Conversation actions: / }));
      await userEvent.click(await canvas.findByRole('menuitem', { name: entry }));
      await waitFor(() => expect(canvas.queryByRole('menu')).toBeNull());
    };
    await choose('Billing review', 'Mute');
    await canvas.findByRole('button', { name: /Billing review Muted/ });
    await choose('Ops on call', 'Archive');
    await waitFor(() => expect(canvas.queryByText('Ops on call')).toBeNull());
    await expect(canvas.getByText('Billing review').closest('li')).toBeVisible();
    const archive = canvas.getByRole('button', { name: 'Show archived conversations' });
    await userEvent.click(archive);
    await canvas.findByText('Ops on call');
    backendOf(context).receive({ threadId: OPS.id, author: 'jun', text: 'Incident closed.' });
    await canvas.findByText('Nothing is archived');
    await userEvent.click(archive);
    await canvas.findByText('Jun Mori: Incident closed.');
    const item = within(canvas.getByText('Billing review').closest('li')!);
    await userEvent.click(item.getByRole('button', { name: /^Conversation actions: / }));
    await canvas.findByRole('menuitem', { name: 'Unmute' });
  },
};

export const MuteAndArchiveDark: Story = { ...MuteAndArchive, globals: dark };

export const NothingArchived: Story = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Show archived conversations' }));
    await canvas.findByText('Nothing is archived');
  },
};

/** A dot on the picture of a conversation of two, while the other one is here. */
export const Online: Story = {
  play: async (context) => {
    const { canvas } = context;
    await canvas.findByText('Billing review');
    await waitFor(() => {
      for (const userId of ['jun', 'ines']) backendOf(context).setPresence({ userId, online: true });
      return expect(canvas.getByRole('button', { name: /Online Jun Mori/ })).toBeVisible();
    });
  },
};

export const OnlineDark: Story = { ...Online, globals: dark };

export const LongTitles: Story = {
  parameters: { scene: { threads: [ROUGH, RTL] } },
  args: { selectedId: ROUGH.id },
  play: async ({ canvas, canvasElement }) => {
    await canvas.findByText(/Imports from the old ticket system/);
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

export const Empty: Story = {
  parameters: { scene: { threads: [] } },
  play: async ({ canvas }) => {
    await canvas.findByText('No conversations yet');
  },
};

export const EmptyDark: Story = { ...Empty, globals: dark };

export const Loading: Story = {
  parameters: { scene: { faults: { listThreads: 'never-answers' } } },
  play: async ({ canvas }) => {
    await canvas.findByText('Loading conversations');
  },
};

const MANY = Array.from({ length: 120 }, (_, index) => ({
  id: `talk-${index}`,
  title: `Ticket ${4200 - index}`,
  members: [ME, 'ines'],
  messages: [{ author: 'ines', text: 'Could you have a look?', minutesAgo: 10 + index }],
}));

/** The next page comes before its end is reached. */
export const ManyPages: Story = {
  parameters: { scene: { threads: MANY } },
  play: async ({ canvas, canvasElement }) => {
    await canvas.findByText('Ticket 4200');
    const list = canvasElement.querySelector('.lk-threads')!;
    await waitFor(() => {
      list.scrollTop = list.scrollHeight;
      return expect(canvas.getByText('Ticket 4081')).toBeVisible();
    });
  },
};

/** A page that could not be read is asked for again by hand. */
export const PageFailed: Story = {
  parameters: { scene: { threads: MANY } },
  play: async (context) => {
    const { canvas, canvasElement } = context;
    await canvas.findByText('Ticket 4200');
    backendOf(context).setFault('listThreads', 'internal');
    const list = canvasElement.querySelector('.lk-threads')!;
    await waitFor(() => {
      list.scrollTop = list.scrollHeight;
      return expect(canvas.getByRole('alert')).toBeVisible();
    });
    list.scrollTop = list.scrollHeight;
    await expect(canvas.getByRole('button', { name: 'Retry' })).toBeVisible();
  },
};

export const PageFailedDark: Story = { ...PageFailed, globals: dark };

export const SignedOut: Story = {
  parameters: { scene: { userId: null } },
  play: async ({ canvas }) => {
    await canvas.findByText(/You are signed out\./);
  },
};

/** Messages by what they say, and conversations by their titles; by keyboard alone. Escape leads back. */
export const SearchAcross: Story = {
  play: async (context) => {
    const { canvas, userEvent, args } = context;
    await canvas.findByText('Ops on call');
    backendOf(context).receive({ threadId: OPS.id, author: 'jun', text: 'The zebra crossing is closed.' });
    const open = canvas.getByRole('button', { name: 'Search conversations' });
    await userEvent.click(open);
    const field = await canvas.findByRole('combobox');
    await expect(field).toHaveFocus();
    await userEvent.type(field, 'zebra');
    const option = await canvas.findByRole('option', { name: /zebra/ });
    await expect(option.querySelector('mark')).toHaveTextContent('zebra');
    await userEvent.keyboard('{Enter}');
    await expect(args.onSelect).toHaveBeenCalledWith(OPS.id);
    await userEvent.click(canvas.getByRole('button', { name: 'Search conversations' }));
    await userEvent.type(await canvas.findByRole('combobox'), 'billing');
    await expect((await canvas.findAllByRole('option'))[0]).toHaveTextContent('Billing review');
    await userEvent.keyboard('{Escape}');
    await expect(open).toHaveFocus();
    await canvas.findByText('Help desk');
  },
};

export const SearchFoundNothing: Story = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Search conversations' }));
    await userEvent.type(await canvas.findByRole('combobox'), 'qqqqq');
    await canvas.findByText('Nothing found');
  },
};

/** A title, and people found by name. Without a title it is called by them. */
export const NewConversation: Story = {
  play: async (context) => {
    const { canvas, userEvent, args } = context;
    await userEvent.click(await canvas.findByRole('button', { name: 'New conversation' }));
    const dialog = within(await canvas.findByRole('dialog', { name: 'New conversation' }));
    await waitFor(() => expect(dialog.getByLabelText('Title')).toHaveFocus());
    await userEvent.type(dialog.getByLabelText('Title'), 'June invoices');
    await userEvent.click(await dialog.findByRole('checkbox', { name: /Ines Duarte/ }));
    await userEvent.type(dialog.getByRole('searchbox', { name: 'Search people' }), 'no');
    await userEvent.click(await dialog.findByRole('checkbox', { name: /Noor Haddad/ }));
    await expect(dialog.getByRole('button', { name: 'Remove Ines Duarte' })).toBeVisible();
    if (context.parameters.stops) return;
    await userEvent.click(dialog.getByRole('button', { name: 'Create' }));
    await canvas.findByText('June invoices');
    await expect(canvas.queryByRole('dialog')).toBeNull();
    await expect(args.onSelect).toHaveBeenCalledOnce();
  },
};

/** Where the app allows conversations for everybody, the person is asked. */
export const NewConversationOpen: Story = {
  args: { newThreads: 'any' },
  parameters: { stops: true },
  play: NewConversation.play,
};

export const NewConversationDark: Story = { ...NewConversationOpen, globals: dark };

const OWN = {
  ...BILLING,
  members: [{ id: ME, role: 'owner' as const }, { id: 'ines', role: 'agent' as const }, 'jun'],
};

/** An owner adds people, gives roles and takes people out; who may not is shown who is there. */
export const Members: Story = {
  parameters: { scene: { threads: [OWN, HELP_DESK] } },
  play: async ({ canvas, userEvent }) => {
    const row = within((await canvas.findByText('Billing review')).closest('li')!);
    await userEvent.click(row.getByRole('button', { name: /^Conversation actions: / }));
    await userEvent.click(await canvas.findByRole('menuitem', { name: 'Members' }));
    const dialog = within(await canvas.findByRole('dialog', { name: 'Members' }));
    await userEvent.selectOptions(await dialog.findByRole('combobox', { name: 'Role of Jun Mori' }), 'Read only');
    await expect(dialog.getByText('(You)')).toBeVisible();
  },
};

export const MembersDark: Story = { ...Members, globals: dark };

/** What leaving means is said before it is done. */
export const Leave: Story = {
  parameters: { scene: { threads: [OWN, HELP_DESK] } },
  play: async ({ canvas, userEvent }) => {
    const row = within((await canvas.findByText('Billing review')).closest('li')!);
    const button = row.getByRole('button', { name: /^Conversation actions: / });
    await userEvent.click(button);
    await userEvent.click(await canvas.findByRole('menuitem', { name: 'Leave' }));
    const dialog = within(await canvas.findByRole('dialog', { name: /Leave “Billing review”/ }));
    await userEvent.click(dialog.getByRole('button', { name: 'Leave' }));
    // The last owner leaves nobody behind.
    await dialog.findByRole('alert');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(canvas.queryByRole('dialog')).toBeNull());
    await expect(button).toHaveFocus();
  },
};
