import type { Meta, StoryObj } from '@storybook/react-vite';
import {
  ChatLauncher,
  ChatProvider,
  ChatWindow,
  type ChatProviderProps,
  type MessageItemProps,
  type ThreadHeaderProps,
} from 'latchkit';
import type { ReactElement, ReactNode } from 'react';
import { within } from 'storybook/test';
import contrast from '../src/react/styles/themes/contrast.css?inline';
import plum from '../src/react/styles/themes/plum.css?inline';
import slate from '../src/react/styles/themes/slate.css?inline';
import { HELP_DESK, OPS } from './support/content.ts';
import type { Scene } from './support/scene.ts';

/** The same window in other looks, by tokens, classes and components alone. */
const meta = { title: 'Looks' } satisfies Meta;

export default meta;
type Story = StoryObj<typeof meta>;
type Context = { loaded: Record<string, unknown>; globals: Record<string, unknown> };

const dark = { theme: 'dark' };

function look(
  { loaded, globals }: Context,
  css: string,
  window: ReactNode,
  provider: Partial<ChatProviderProps> = {},
): ReactElement {
  const scene = loaded.scene as Scene;
  return (
    <ChatProvider
      userId={scene.userId}
      backend={scene.backend}
      fetchToken={scene.fetchToken}
      theme={globals.theme === 'dark' ? 'dark' : 'light'}
      {...provider}
    >
      <style>{css}</style>
      {window}
    </ChatProvider>
  );
}

const themed = (css: string): Story => ({
  render: (_, context) => look(context, css, <ChatWindow threadId={HELP_DESK.id} showThreads />),
  play: async ({ canvas }) => {
    await within(await canvas.findByRole('log')).findByText(/An invitation is valid for 7 days/);
  },
});

export const Slate: Story = themed(slate);
export const SlateDark: Story = { ...Slate, globals: dark };
export const Plum: Story = themed(plum);
export const PlumDark: Story = { ...Plum, globals: dark };
export const Contrast: Story = themed(contrast);
export const ContrastDark: Story = { ...Contrast, globals: dark };

/** Compact: for a team that reads much. */
export const Compact: Story = {
  render: (_, context) => look(context, '', <ChatWindow threadId={OPS.id} showThreads />, { density: 'compact' }),
  play: async ({ canvas }) => {
    await canvas.findByText('Rolling back 4f1c9a2.');
  },
};

const SUPPORT = `
  .shop-chat { --lk-accent: #b23a1e; --lk-accent-hover: #972f17; --lk-mine: #fbe6df; --lk-radius: 20px; }
  .shop-chat[data-lk-theme='dark'] { --lk-accent: #ff9f86; --lk-accent-hover: #ffb8a5; --lk-accent-ink: #2d0d04; --lk-mine: #45241b; }
  .shop-chat .shop-header { background: var(--lk-accent); color: var(--lk-accent-ink); }
  .shop-chat .shop-header p, .shop-chat .lk-launcher-close { color: inherit; }
  .shop-chat .lk-launcher-close { color: var(--lk-accent-ink); }
`;

/** A shop's support bubble: tokens and class names. */
export const SupportBubble: Story = {
  render: (_, context) =>
    look(context, SUPPORT, <ChatLauncher threadId={HELP_DESK.id} persist={false} />, {
      classNames: { launcher: 'shop-chat', header: 'shop-header' },
    }),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Open chat' }));
    await canvas.findByText(/An invitation is valid for 7 days/);
  },
};

const TEAM = `
  .team { --lk-panel: #24303e; --lk-accent: #1f5fbf; --lk-accent-hover: #194f9f; --lk-radius: 6px; --lk-radius-s: 4px; }
  .team .team-threads { --lk-text: #fff; --lk-muted: #cfd8e3; --lk-line: #46566a; --lk-bg: #33445a; --lk-hover: #ffffff1a; color: #fff; }
  .team-message[data-mine='true'] .lk-content { padding: 0; background: none; }
  .team-message[data-mine='true'] > .lk-message-body { align-items: flex-start; padding-inline-start: 42px; }
`;

/** A team's room: every message at the start, compact, conversations on a dark side. */
export const TeamChat: Story = {
  render: (_, context) =>
    look(context, TEAM, <ChatWindow threadId={OPS.id} showThreads />, {
      theme: 'light',
      density: 'compact',
      classNames: { window: 'team', threads: 'team-threads', message: 'team-message' },
    }),
  play: async ({ canvas }) => {
    await canvas.findByText('Rolling back 4f1c9a2.');
  },
};

const LIVE = `
  .live { --lk-bg: #0e0e12; --lk-size: 14px; --lk-accent: #b9a5ff; --lk-accent-hover: #cdbfff; --lk-accent-ink: #1a1040; }
  .live-header { display: flex; gap: 8px; align-items: center; padding: 10px 16px; font-weight: 600; }
  .live-header i { width: 8px; height: 8px; border-radius: 50%; background: #ff5c5c; }
  .live-line { padding: 2px 16px; }
  .live-line b { color: #b9a5ff; font-weight: 600; }
`;

function LiveHeader(_: ThreadHeaderProps): ReactNode {
  return (
    <div className="live-header">
      <i aria-hidden="true" /> Live chat
    </div>
  );
}

function LiveLine({ entry }: MessageItemProps): ReactNode {
  const { author, parts } = entry.message;
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join(' ');
  return (
    <p className="live-line" dir="auto">
      <b>{author.name}</b> {text}
    </p>
  );
}

/** A livestream's chat: one line a message, by components of the app's own. */
export const Livestream: Story = {
  render: (_, context) =>
    look(context, LIVE, <ChatWindow threadId={OPS.id} />, {
      theme: 'dark',
      classNames: { window: 'live' },
      components: { ThreadHeader: LiveHeader, MessageItem: LiveLine },
      strings: { composerPlaceholder: () => 'Say something' },
    }),
  play: async ({ canvas }) => {
    await canvas.findByText(/Rolling back 4f1c9a2\./);
  },
};
