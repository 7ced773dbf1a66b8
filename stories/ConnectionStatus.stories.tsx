import type { Meta, StoryObj } from '@storybook/react-vite';
import { ConnectionStatus } from 'latchkit';
import { expect, waitFor } from 'storybook/test';
import { backendOf, type SceneOptions } from './support/scene.ts';

const meta = {
  title: 'ConnectionStatus',
  component: ConnectionStatus,
  parameters: { stage: { room: 'panel' } },
  decorators: [(Story) => <div className="stage-card">{<Story />}</div>],
} satisfies Meta<typeof ConnectionStatus>;

export default meta;
type Story = StoryObj<typeof meta>;

const dark = { theme: 'dark' };

/** A story per state: how it comes about, and what the bar then says. */
function state(scene: SceneOptions, says: RegExp, rest: Story = {}): Story {
  return {
    parameters: { scene },
    play: async ({ canvas }) => {
      await canvas.findByText(says);
    },
    ...rest,
  };
}

/** The same for the dot, which carries its state in `data-status`. */
function dot(scene: SceneOptions, status: string, rest: Story = {}): Story {
  return {
    args: { variant: 'compact' },
    parameters: { scene },
    play: async ({ canvasElement }) => {
      await waitFor(() => expect(canvasElement.querySelector('[data-variant]')).toHaveAttribute('data-status', status));
    },
    ...rest,
  };
}

export const Connecting = state({ connectionStatus: 'connecting' }, /Connecting…/);
export const Offline = state({ connectionStatus: 'offline' }, /^Offline\./);
export const OfflineDark = state({ connectionStatus: 'offline' }, /^Offline\./, { globals: dark });
export const Reconnecting = state({ connectionStatus: 'reconnecting' }, /Reconnecting…/);
export const ReconnectingDark = state({ connectionStatus: 'reconnecting' }, /Reconnecting…/, { globals: dark });
export const SignedOut = state({ userId: null }, /You are signed out\./);
export const Unauthenticated = state({ token: { fault: 'unauthenticated' } }, /You are not signed in\./);
export const Forbidden = state({ token: { fault: 'forbidden' } }, /You do not have access to this chat\./);
export const ForbiddenDark = state({ token: { fault: 'forbidden' } }, /You do not have access/, { globals: dark });
export const TokenRefused = state(
  { connectionStatus: 'closed', connectionError: 'server_rejects_fresh_token' },
  /share secret, issuer and audience/,
);

/** The bar is absent while all is well, comes with a loss, and goes with the return. */
export const ComesAndGoes: Story = {
  play: async (context) => {
    const { canvas } = context;
    await waitFor(() => expect(canvas.queryByText(/Connecting…/)).toBeNull());
    await expect(canvas.queryByRole('status')?.textContent ?? '').toBe('');
    backendOf(context).disconnect();
    await canvas.findByText(/Reconnecting…/);
    backendOf(context).goOnline();
    await waitFor(() => expect(canvas.queryByText(/Reconnecting…/)).toBeNull());
  },
};

/** A dot, for a header or a toolbar. */
export const Compact = dot({}, 'connected');
export const CompactDark = dot({}, 'connected', { globals: dark });
export const CompactOffline = dot({ connectionStatus: 'offline' }, 'offline');
export const CompactForbidden = dot({ token: { fault: 'forbidden' } }, 'closed', { globals: dark });
