import type { Meta, StoryObj } from '@storybook/react-vite';
import { ChatProvider, ChatWindow } from 'latchkit';
import { agUiBackend } from 'latchkit/ag-ui';
import { aiSdkBackend } from 'latchkit/ai-sdk';
import type { ChatBackend } from 'latchkit/client';
import { openAiChatKitBackend } from 'latchkit/openai-chatkit';
import { createFakeFetchToken } from 'latchkit/testing';
import { useState } from 'react';
import { expect, waitFor, within } from 'storybook/test';
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

/** Runs as an AG-UI agent does: it thinks, tells of its plan, and asks before it goes on. */
const agUiFetch: typeof fetch = (_url, init) => {
  const { threadId, runId, resume } = JSON.parse(init?.body as string) as Record<string, unknown>;
  const run = { threadId, runId };
  if (resume === undefined) {
    return eventStream([
      { type: 'RUN_STARTED', ...run },
      { type: 'REASONING_MESSAGE_CHUNK', messageId: 'r', delta: 'They want to invite three people.' },
      { type: 'TOOL_CALL_CHUNK', toolCallId: 'c', toolCallName: 'invite', delta: '{"people":3}' },
      {
        type: 'RUN_FINISHED',
        ...run,
        outcome: { type: 'interrupt', interrupts: [{ id: 'i', reason: 'approval', toolCallId: 'c' }] },
      },
    ]);
  }
  return eventStream([
    { type: 'RUN_STARTED', ...run },
    { type: 'TOOL_CALL_RESULT', messageId: 'x', toolCallId: 'c', content: '3 invited' },
    ...words(ANSWER).map((delta) => ({ type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', role: 'assistant', delta })),
    { type: 'RUN_FINISHED', ...run },
  ]);
};

/** Answers as a ChatKit server does: the conversation is made with its first message, and gets its title from the server. */
const chatKitFetch: typeof fetch = (_url, init) => {
  const { type } = JSON.parse(init?.body as string) as { type: string };
  if (type === 'threads.list') return Promise.resolve(Response.json({ data: [], has_more: false }));
  const thread = { id: 'thr_1', created_at: '2026-06-12T10:44:00', title: 'Invitations', items: { data: [] } };
  const item = { id: 'msg_2', thread_id: thread.id, created_at: thread.created_at, type: 'assistant_message' };
  const source = { type: 'url', url: 'https://example.com/people', title: 'People and roles' };
  const content = { type: 'output_text', text: ANSWER, annotations: [{ type: 'annotation', source }] };
  return eventStream([
    { type: 'thread.created', thread },
    { type: 'thread.item.done', item: { ...item, id: 'msg_1', type: 'user_message', content: [] } },
    { type: 'thread.item.added', item: { ...item, content: [] } },
    ...words(ANSWER).map((delta) => ({
      type: 'thread.item.updated',
      item_id: item.id,
      update: { type: 'assistant_message.content_part.text_delta', content_index: 0, delta },
    })),
    { type: 'thread.item.done', item: { ...item, content: [content] } },
    { type: 'thread.updated', thread },
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

/** Rows that move under the pointer take none, as long as they do. */
async function still(finding: Promise<HTMLElement>): Promise<HTMLElement> {
  const element = await finding;
  await waitFor(() => expect(getComputedStyle(element).pointerEvents).not.toBe('none'));
  return element;
}

/** A server with the AI SDK: the answer asks before it uses a tool, and goes on where it was. */
export const AiSdk: Story = {
  args: {
    makeBackend: () => aiSdkBackend({ fetch: aiSdkFetch, assistant: { name: 'Guide' }, title: 'Help' }),
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByRole('textbox'), 'Who may invite people?{Enter}');
    await userEvent.click(await still(canvas.findByRole('button', { name: 'Allow' })));
    const log = within(canvas.getByRole('log'));
    await expect(await log.findByRole('link', { name: /People and roles/ })).toBeVisible();
    await expect(log.getByText('owner').tagName).toBe('STRONG');
    await expect(log.getAllByRole('article')).toHaveLength(2);
  },
};

export const AiSdkDark: Story = { ...AiSdk, globals: { theme: 'dark' } };

/** An AG-UI agent: its interrupt is a question on the tool, and the decision opens the next run. */
export const AgUi: Story = {
  args: {
    makeBackend: () =>
      agUiBackend({ url: '/agent', fetch: agUiFetch, assistant: { name: 'Agent' }, title: 'Invitations' }),
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByRole('textbox'), 'Invite my three colleagues{Enter}');
    await userEvent.click(await still(canvas.findByRole('button', { name: 'Allow' })));
    const log = within(canvas.getByRole('log'));
    await expect((await log.findByText('owner')).tagName).toBe('STRONG');
    await expect(log.getAllByRole('article')).toHaveLength(2);
  },
};

/** A server that speaks OpenAI ChatKit's protocol. */
export const OpenAiChatKit: Story = {
  args: {
    makeBackend: () => openAiChatKitBackend({ url: '/chatkit', fetch: chatKitFetch, assistant: { name: 'Guide' } }),
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByRole('textbox'), 'Who may invite people?{Enter}');
    const log = within(canvas.getByRole('log'));
    await expect(await log.findByRole('link', { name: /People and roles/ })).toBeVisible();
    await expect(canvas.getByRole('heading', { name: 'Invitations' })).toBeVisible();
    await expect(log.getAllByRole('article')).toHaveLength(2);
  },
};
