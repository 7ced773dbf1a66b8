/** Endpoints of the AI SDK behind the chat: `aiSdkBackend({ api })`. */
export { aiSdkBackend } from './aiSdkBackend.ts';
export type { AiSdkBackendOptions, AiSdkMessage, AiSdkRequest, AiSdkTool } from './types.ts';
export type { AuthorizedFetch } from '../turns/authorizedFetch.ts';
export type { TurnBackendOptions } from '../turns/createTurnBackend.ts';
