/** AG-UI agents behind the chat: `agUiBackend({ url })`. */
export { agUiBackend } from './agUiBackend.ts';
export type { AgUiBackendOptions, AgUiInterrupt, AgUiMessage, AgUiTool } from './types.ts';
export type { AuthorizedFetch } from '../turns/authorizedFetch.ts';
export type { ClientTool } from '../turns/client-tools.ts';
export type { TurnBackendOptions } from '../turns/createTurnBackend.ts';
