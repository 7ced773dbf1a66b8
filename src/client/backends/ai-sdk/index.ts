/** Endpoints of the AI SDK behind the chat: `aiSdkBackend({ api })`. */
export { aiSdkBackend } from './aiSdkBackend.ts';
export type { AiSdkBackendOptions, AiSdkMessage, AiSdkRequest } from './types.ts';
export type { AuthorizedFetch } from '../turns/authorizedFetch.ts';
export type { ClientTool } from '../turns/client-tools.ts';
export type { TurnBackendOptions } from '../turns/createTurnBackend.ts';
