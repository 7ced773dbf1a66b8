import type { ChatBackend } from '../../index.ts';
import { createTurnBackend } from '../turns/createTurnBackend.ts';
import { AgUiPort } from './AgUiPort.ts';
import type { AgUiBackendOptions } from './types.ts';

/**
 * An agent that speaks AG-UI 1.0 behind LatchKit's window. Make it once, outside of the component that renders.
 *
 * ```tsx
 * const backend = agUiBackend({ url: '/agent' });
 * <ChatProvider userId={user.id} backend={backend} fetchToken={fetchToken}>
 *   <ChatWindow threadId="help" />
 * </ChatProvider>
 * ```
 * @throws {ChatError} `invalid_options`
 */
export function agUiBackend(options: AgUiBackendOptions): ChatBackend {
  return createTurnBackend(options, () => new AgUiPort(options));
}
