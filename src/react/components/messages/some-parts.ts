/** What some messages have and most do not. */
export { MessageFile } from './MessageFile.tsx';
export { MessageQuote } from './MessageQuote.tsx';
export { MessageReactions } from './MessageReactions.tsx';
export { SystemMessage } from './SystemMessage.tsx';
