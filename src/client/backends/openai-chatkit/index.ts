/** Servers of OpenAI ChatKit behind the chat: `openAiChatKitBackend({ url })`. */
export { openAiChatKitBackend } from './openAiChatKitBackend.ts';
export type {
  InferenceOptions,
  MessageTag,
  OpenAiChatKitBackend,
  OpenAiChatKitBackendOptions,
  WidgetAction,
} from './types.ts';
export type { AuthorizedFetch } from '../turns/authorizedFetch.ts';
export type { ClientTool } from '../turns/client-tools.ts';
export type { TurnBackendOptions } from '../turns/createTurnBackend.ts';
