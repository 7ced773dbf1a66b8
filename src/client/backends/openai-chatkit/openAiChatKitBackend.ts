import { createTurnBackend } from '../turns/createTurnBackend.ts';
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
  const port = new ChatKitPort(options);
  return {
    ...createTurnBackend(options, () => port),
    sendFeedback: ({ threadId, messageId, kind }) => port.sendFeedback(threadId, messageId, kind),
    remoteThreadId: (threadId) => port.remoteId(threadId),
  };
}
