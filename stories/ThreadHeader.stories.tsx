import type { Meta, StoryObj } from '@storybook/react-vite';
import { ThreadHeader } from 'latchkit';
import { expect, fn, waitFor, within } from 'storybook/test';
import { BILLING, HELP_DESK, ME, ROUGH } from './support/content.ts';
import { backendOf } from './support/scene.ts';

const meta = {
  title: 'ThreadHeader',
  component: ThreadHeader,
  parameters: { stage: { room: 'panel' } },
  args: { threadId: HELP_DESK.id },
  decorators: [(Story) => <div className="stage-card">{<Story />}</div>],
} satisfies Meta<typeof ThreadHeader>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Open: Story = {
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('heading', { name: 'Help desk' })).toBeVisible();
    await canvas.findByText('Open to everyone here');
  },
};

export const Members: Story = {
  args: { threadId: BILLING.id },
  globals: { theme: 'dark' },
  play: async ({ canvas }) => {
    await canvas.findByRole('heading', { name: 'Billing review' });
    await canvas.findByText('Members only');
  },
};

export const BackOnAPhone: Story = {
  args: { onBack: fn() },
  globals: { viewport: { value: 'phone' } },
  play: async ({ canvas, userEvent, args }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Back to conversations' }));
    await expect(args.onBack).toHaveBeenCalledOnce();
  },
};

export const LongTitle: Story = {
  args: { threadId: ROUGH.id, onBack: fn() },
  parameters: { scene: { threads: [ROUGH] } },
  globals: { viewport: { value: 'phone' } },
  play: async ({ canvas, canvasElement }) => {
    await canvas.findByRole('heading', { name: /Imports from the old ticket system/ });
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

export const Loading: Story = {
  parameters: { scene: { faults: { openThread: 'never-answers' } } },
  play: async ({ canvas }) => {
    await expect(canvas.queryByText('Help desk')).toBeNull();
  },
};

/** In a conversation of two: whether the other one is here, and when they last were. */
export const Online: Story = {
  args: { threadId: 'jun' },
  play: async (context) => {
    const { canvas } = context;
    await canvas.findByRole('heading', { name: 'Jun Mori' });
    await canvas.findByText('Members only');
    await waitFor(() => {
      backendOf(context).setPresence({ userId: 'jun', online: true });
      return expect(canvas.getByText('Online')).toBeVisible();
    });
  },
};

export const OnlineDark: Story = { ...Online, globals: { theme: 'dark' } };

export const LastSeen: Story = {
  args: { threadId: 'jun' },
  play: async (context) => {
    const { canvas } = context;
    await canvas.findByRole('heading', { name: 'Jun Mori' });
    await waitFor(() => {
      backendOf(context).setPresence({ userId: 'jun', online: false, lastSeenAt: Date.now() - 3 * 86_400_000 });
      return expect(canvas.getByText(/^Last seen /)).toBeVisible();
    });
  },
};

/** Messages of this conversation; Escape leads back to the button. */
export const Search: Story = {
  parameters: { stage: { room: 'window' } },
  play: async (context) => {
    const { canvas, userEvent } = context;
    await canvas.findByRole('heading', { name: 'Help desk' });
    backendOf(context).receive({ threadId: HELP_DESK.id, author: 'jun', text: 'The zebra crossing is closed.' });
    const open = canvas.getByRole('button', { name: 'Search this conversation' });
    await userEvent.click(open);
    await userEvent.type(await canvas.findByRole('combobox'), 'zebra');
    await canvas.findByRole('option', { name: /zebra/ });
    if (context.parameters.stops) return;
    await userEvent.keyboard('{Escape}');
    await expect(open).toHaveFocus();
  },
};

export const SearchDark: Story = {
  ...Search,
  parameters: { ...Search.parameters, stops: true },
  globals: { theme: 'dark' },
};

/** Where the backend deletes conversations: their owner is asked first. */
export const Deleting: Story = {
  args: { threadId: 'trip' },
  parameters: {
    stage: { room: 'window' },
    scene: {
      alsoCan: ['deleteThread'],
      threads: [{ id: 'trip', title: 'Trip to Lisbon', members: [{ id: ME, role: 'owner' }, 'jun'] }],
    },
  },
  play: async ({ canvas, canvasElement, userEvent }) => {
    const page = within(canvasElement.ownerDocument.body);
    await userEvent.click(await canvas.findByRole('button', { name: 'Conversation actions: Trip to Lisbon' }));
    await userEvent.click(await page.findByRole('menuitem', { name: 'Delete' }));
    await expect(await page.findByRole('dialog', { name: 'Delete “Trip to Lisbon”?' })).toBeVisible();
  },
};

export const DeletingDark: Story = { ...Deleting, globals: { theme: 'dark' } };
