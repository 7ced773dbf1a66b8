import { ChatError } from '../../../protocol/index.ts';
import type { TokenManager } from '../../index.ts';
import { createTurnBackend } from '../turns/createTurnBackend.ts';
import { authorizedFetch } from '../turns/authorizedFetch.ts';
import { TurnUpload } from '../turns/uploads/TurnUpload.ts';
import { direct, twoPhases } from './attachments/upload-ways.ts';
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
  const { uploads: limits, authorization = true, signals } = options;
  if (limits && !(limits.maxBytes > 0))
    throw new ChatError('invalid_options', '`uploads.maxBytes` must be more than 0.');
  const port = new ChatKitPort(options);
  const fetchFor = (tokens: TokenManager) =>
    authorizedFetch(authorization ? tokens : null, () => options.fetch ?? globalThis.fetch.bind(globalThis));
  return {
    ...createTurnBackend(options, () => port),
    ...(limits && {
      upload: (file, { tokens: all, clock }) => {
        const { attachments } = port;
        const tokens = authorization ? all : null;
        const { directUrl } = limits;
        const way =
          directUrl === undefined
            ? twoPhases(attachments, fetchFor(all))
            : direct(attachments, directUrl, tokens, options);
        return new TurnUpload(file, { files: attachments.files, limits, way, clock, signals });
      },
    }),
    ...(options.transcribe === true && {
      transcribe: (audio, { tokens, signal }) => port.transcribe({ fetch: fetchFor(tokens), signal }, audio),
    }),
    sendFeedback: ({ threadId, messageId, kind }) => port.sendFeedback(threadId, messageId, kind),
    remoteThreadId: (threadId) => port.remoteId(threadId),
  };
}
