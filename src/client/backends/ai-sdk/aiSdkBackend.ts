import type { ChatBackend } from '../../index.ts';
import { createTurnBackend } from '../turns/createTurnBackend.ts';
import { createUploads } from '../turns/uploads/createUploads.ts';
import { AiSdkPort } from './AiSdkPort.ts';
import type { AiSdkBackendOptions } from './types.ts';

/**
 * An endpoint of the AI SDK (`ai` 6 and 7) behind LatchKit's window: whatever answers `POST {api}` with a UI Message Stream, such as
 * `streamText(…).toUIMessageStreamResponse()`. Make it once, outside of the component that renders.
 *
 * ```tsx
 * const backend = aiSdkBackend({ api: '/api/chat' });
 * <ChatProvider userId={user.id} backend={backend} fetchToken={fetchToken}>
 *   <ChatWindow threadId="help" />
 * </ChatProvider>
 * ```
 * @throws {ChatError} `invalid_options`
 */
export function aiSdkBackend(options: AiSdkBackendOptions = {}): ChatBackend {
  const { uploads: limits, uploadFile } = options;
  const port = new AiSdkPort(options);
  return {
    ...createTurnBackend(options, () => port),
    ...createUploads(options, {
      limits,
      files: port.files,
      way: async (fetch) => {
        const { byApp, intoMessage } = await import('./file-upload.ts');
        return uploadFile ? byApp(uploadFile, fetch) : intoMessage;
      },
    }),
  };
}
