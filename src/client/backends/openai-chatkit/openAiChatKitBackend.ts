import { createTurnBackend } from '../turns/createTurnBackend.ts';
import { authorizedFetch } from '../turns/authorizedFetch.ts';
import { createUploads } from '../turns/uploads/createUploads.ts';
import { ChatKitPort } from './ChatKitPort.ts';
import type { OpenAiChatKitBackend, OpenAiChatKitBackendOptions } from './types.ts';

/**
 * A server that speaks OpenAI ChatKit's protocol behind LatchKit's window. Make it once, outside of the component that renders.
 *
 * ```tsx
 * const backend = openAiChatKitBackend({ url: '/chatkit' });
 * <ChatProvider userId={user.id} backend={backend} fetchToken={fetchToken}>
 *   <ChatWindow threadId="new" showThreads />
 * </ChatProvider>
 * ```
 * @throws {ChatError} `invalid_options`
 */
export function openAiChatKitBackend(options: OpenAiChatKitBackendOptions): OpenAiChatKitBackend {
  const { uploads, authorization = true } = options;
  const port = new ChatKitPort(options);
  const { attachments } = port;
  return {
    ...createTurnBackend(options, () => port),
    quotes: true,
    searchMentions: (query, context) => port.searchTags(query, context),
    ...createUploads(options, {
      limits: uploads,
      files: attachments.files,
      way: async (fetch, tokens) => {
        const { direct, twoPhases } = await import('./attachments/upload-ways.ts');
        return uploads?.directUrl === undefined
          ? twoPhases(attachments, fetch)
          : direct(attachments, uploads.directUrl, tokens, options);
      },
    }),
    ...(options.transcribe === true && {
      transcribe: (audio, { tokens, signal }) => {
        const platform = () => options.fetch ?? globalThis.fetch.bind(globalThis);
        return port.transcribe({ fetch: authorizedFetch(authorization ? tokens : null, platform), signal }, audio);
      },
    }),
    sendFeedback: ({ threadId, messageId, kind }) => port.sendFeedback(threadId, messageId, kind),
    remoteThreadId: (threadId) => port.remoteId(threadId),
  };
}
