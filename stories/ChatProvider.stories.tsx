import type { Meta, StoryObj } from '@storybook/react-vite';
import { ChatProvider, ChatWindow, useChatConnection, useChatToken, type AvatarProps } from 'latchkit';
import { createFakeFetchToken } from 'latchkit/testing';
import { useState } from 'react';
import { expect, waitFor } from 'storybook/test';
import { HELP_DESK } from './support/content.ts';
import type { Scene } from './support/scene.ts';
import { TokenPanel } from './support/TokenPanel.tsx';

const meta = {
  title: 'ChatProvider',
  component: ChatProvider,
  args: { userId: null },
} satisfies Meta<typeof ChatProvider>;

export default meta;
type Story = StoryObj<typeof meta>;

const dark = { theme: 'dark' };
const panel = { stage: { room: 'panel' } };

/** `useChatToken` shows the token's claims and state, never the token: it renews by itself, and on request. */
export const Token: Story = {
  parameters: panel,
  render: () => <TokenPanel />,
  play: async ({ canvas, canvasElement, userEvent }) => {
    await canvas.findByText('ready');
    await expect(canvas.getByText('session-of-mara')).toBeVisible();
    await expect(canvas.getByText('mara-1')).toBeVisible();
    await expect(canvasElement.innerHTML).not.toContain('eyJ');
    await userEvent.click(canvas.getByRole('button', { name: 'Renew now' }));
    await canvas.findByText('mara-2');
  },
};

export const TokenDark: Story = { ...Token, globals: dark };

/** The endpoint answers 403: the status says so, with the remedy. */
export const TokenForbidden: Story = {
  parameters: { ...panel, scene: { token: { fault: 'forbidden' } } },
  render: () => <TokenPanel />,
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getAllByText('forbidden').length).toBeGreaterThan(0));
    await canvas.findByText('Ask the owner of the app for access.');
  },
};

/** The endpoint takes its time. */
export const TokenLoading: Story = {
  parameters: { ...panel, scene: { token: { fault: 'never-answers' } } },
  render: () => <TokenPanel />,
  play: async ({ canvas }) => {
    await canvas.findByText('loading');
  },
};

/** The words in another language, by `strings` and `locale`. */
export const German: Story = {
  render: (_args, { loaded, globals }) => (
    <ChatProvider
      {...(loaded.scene as Scene)}
      theme={globals.theme === 'dark' ? 'dark' : 'light'}
      locale="de-CH"
      strings={{
        threadsHeading: 'Gespräche',
        today: 'Heute',
        yesterday: 'Gestern',
        send: 'Senden',
        sent: 'Gesendet',
        you: 'Sie',
        composerLabel: (title) => `Nachricht an ${title ?? 'alle'}`,
        composerPlaceholder: (title) => `An ${title ?? 'alle'} schreiben`,
        accessOpen: 'Offen für alle',
      }}
    >
      <ChatWindow threadId={HELP_DESK.id} showThreads />
    </ChatProvider>
  ),
  play: async ({ canvas }) => {
    await canvas.findByText('Gespräche');
    await expect(await canvas.findByRole('textbox', { name: 'Nachricht an Help desk' })).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Senden' })).toBeVisible();
  },
};

/** A part of one's own in the kit's place, by `components`. */
export const OwnAvatar: Story = {
  render: (_args, { loaded, globals }) => (
    <ChatProvider
      {...(loaded.scene as Scene)}
      theme={globals.theme === 'dark' ? 'dark' : 'light'}
      components={{ Avatar: SquareAvatar }}
    >
      <ChatWindow threadId={HELP_DESK.id} />
    </ChatProvider>
  ),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(canvasElement.querySelectorAll('.stage-avatar').length).toBeGreaterThan(1));
  },
};

/** Another person signs in: nothing of the one before stays on the screen. */
export const SwitchUser: Story = {
  render: function SwitchUser(_args, { loaded, globals }) {
    const { backend } = loaded.scene as Scene;
    const [userId, setUserId] = useState<string | null>('mara');
    return (
      <ChatProvider
        backend={backend}
        userId={userId}
        fetchToken={createFakeFetchToken({ userId: userId ?? '' })}
        theme={globals.theme === 'dark' ? 'dark' : 'light'}
      >
        <div className="stage-column">
          <div className="stage-tools">
            <button type="button" onClick={() => setUserId('noor')}>
              Sign in as Noor
            </button>
            <button type="button" onClick={() => setUserId(null)}>
              Sign out
            </button>
            <Line />
          </div>
          <ChatWindow threadId="security-review" showThreads />
        </div>
      </ChatProvider>
    );
  },
  play: async ({ canvas, userEvent }) => {
    await canvas.findByText('You may not read this conversation.');
    await userEvent.click(canvas.getByRole('button', { name: 'Sign in as Noor' }));
    await canvas.findByText('Access list for the third quarter attached.');
    await waitFor(() => expect(canvas.queryByText('Billing review')).toBeNull());
    await userEvent.click(canvas.getByRole('button', { name: 'Sign out' }));
    await waitFor(() => expect(canvas.queryByText('Access list for the third quarter attached.')).toBeNull());
    await expect((await canvas.findAllByText(/You are signed out\./)).length).toBeGreaterThan(0);
  },
};

function Line() {
  const { status } = useChatConnection();
  const token = useChatToken();
  return (
    <span>
      Connection: {status} · Token: {token.status}
    </span>
  );
}

function SquareAvatar({ user }: AvatarProps) {
  return (
    <span className="stage-avatar" aria-hidden="true">
      {user.name.slice(0, 1)}
    </span>
  );
}
