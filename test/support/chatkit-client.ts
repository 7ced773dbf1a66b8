import { expect, vi } from 'vitest';
import {
  openAiChatKitBackend,
  type OpenAiChatKitBackendOptions,
} from '../../src/client/backends/openai-chatkit/index.ts';
import { createChatClient, type ChatClient } from '../../src/client/index.ts';
import { startChatKitServer } from './chatkit-server.ts';

type Respond = Parameters<typeof startChatKitServer>[0];

/** A ChatKit server and a client that has a conversation of it open. */
export async function openChatKit(respond: Respond, options: Partial<OpenAiChatKitBackendOptions> = {}) {
  const server = await startChatKitServer(respond);
  let client: ChatClient | null = null;

  /** Opens a conversation, by a client of its own: as after a reload. */
  async function open(threadId = 'room') {
    client?.dispose();
    const made = createChatClient({
      userId: 'ada',
      fetchToken: () => Promise.resolve({ token: 'good', expires_in: 600 }),
      backend: openAiChatKitBackend({ url: server.url, ...options }),
    });
    client = made;
    return { client: made, ...(await openThread(made, threadId)) };
  }

  async function openThread(made: ChatClient, threadId: string) {
    made.retain();
    const thread = made.thread(threadId);
    thread.subscribe(() => {});
    await vi.waitFor(() => expect(thread.get().status).toBe('ready'));
    const last = () => thread.get().messages.at(-1)!.message;
    const ended = () =>
      vi.waitFor(() => expect([last().answer?.status, last().answer?.error ?? null]).toEqual(['done', null]), 5_000);
    return {
      thread,
      last,
      /** Resolves once the answer is there. */
      async ask(...args: Parameters<typeof thread.send>) {
        const count = thread.get().messages.length;
        thread.send(...args);
        await vi.waitFor(() => expect(thread.get().messages.length).toBeGreaterThan(count + 1));
        await ended();
      },
      ended,
    };
  }

  return {
    server,
    open,
    /** The server's id of the first conversation. */
    remoteId: () => [...server.store.threads.keys()][0]!,
    async end() {
      client?.dispose();
      await server.end();
    },
  };
}
