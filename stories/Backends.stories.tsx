import type { Meta, StoryObj } from '@storybook/react-vite';
import { ChatProvider, ChatWindow } from 'latchkit';
import { aiSdkBackend } from 'latchkit/ai-sdk';
import type { ChatBackend } from 'latchkit/client';
import { createFakeFetchToken } from 'latchkit/testing';
import { useState } from 'react';
import { expect, within } from 'storybook/test';
import { eventStream, words } from './support/scripted-fetch.ts';

const ANSWER = 'Any **owner** can, under *Settings → People*.\n\n- An invitation is valid for 7 days.';

/** Answers as an endpoint with the AI SDK does: first it asks for a tool's approval, then it speaks. */
const aiSdkFetch: typeof fetch = (_url, init) => {
  const { messages } = JSON.parse(init?.body as string) as { messages: { role: string }[] };
  if (messages.at(-1)?.role === 'user') {
    return eventStream([
      { type: 'start', messageId: 'answer' },
      { type: 'start-step' },
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', delta: 'They ask about invitations.' },
      { type: 'reasoning-end', id: 'r' },
      { type: 'tool-input-available', toolCallId: 'c', toolName: 'search', input: { query: 'invite' } },
      { type: 'tool-approval-request', toolCallId: 'c', approvalId: 'a' },
      { type: 'finish' },
      '[DONE]',
    ]);
  }
  return eventStream([
    { type: 'start' },
    { type: 'tool-output-available', toolCallId: 'c', output: 'Settings' },
    { type: 'start-step' },
    { type: 'text-start', id: 't' },
    ...words(ANSWER).map((delta) => ({ type: 'text-delta', id: 't', delta })),
    { type: 'text-end', id: 't' },
    { type: 'source-url', sourceId: 's', url: 'https://example.com/people', title: 'People and roles' },
    { type: 'finish' },
    '[DONE]',
  ]);
};

interface Args {
  makeBackend: () => ChatBackend;
}

const meta = {
  title: 'Backends',
  render: function Render({ makeBackend }: Args, { globals }) {
    const [backend] = useState(makeBackend);
    return (
      <ChatProvider
        userId="ada"
        backend={backend}
        fetchToken={createFakeFetchToken({ userId: 'ada' })}
        theme={globals['theme'] as 'light' | 'dark'}
      >
        <ChatWindow threadId="help" />
      </ChatProvider>
    );
  },
} satisfies Meta<Args>;

export default meta;
type Story = StoryObj<typeof meta>;

/** A server with the AI SDK: the answer asks before it uses a tool, and goes on where it was. */
export const AiSdk: Story = {
  args: {
    makeBackend: () => aiSdkBackend({ fetch: aiSdkFetch, assistant: { name: 'Guide' }, title: 'Help' }),
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByRole('textbox'), 'Who may invite people?{Enter}');
    await userEvent.click(await canvas.findByRole('button', { name: 'Allow' }));
    const log = within(canvas.getByRole('log'));
    await expect(await log.findByRole('link', { name: /People and roles/ })).toBeVisible();
    await expect(log.getByText('owner').tagName).toBe('STRONG');
    await expect(log.getAllByRole('article')).toHaveLength(2);
  },
};

export const AiSdkDark: Story = { ...AiSdk, globals: { theme: 'dark' } };
