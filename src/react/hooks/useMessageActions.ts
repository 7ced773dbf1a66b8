import { useMemo } from 'react';
import type { AttachmentLink, DraftPart, MessageReport } from '../../client/index.ts';
import type { Message } from '../../protocol/index.ts';
import { useChatContext, type ChatContextValue } from '../ChatContext.ts';
import { editingOf } from '../editing.ts';
import { openRepliesOf, placeOf, replyingOf } from '../replying.ts';
import { SIGNED_OUT_ERROR } from './initial-states.ts';

export interface MessageActions {
  /** Adds one's reaction, one emoji. Shown at once. */
  react: (messageId: string, emoji: string) => void;
  /** Takes one's own reaction back. */
  unreact: (messageId: string, emoji: string) => void;
  /**
   * Replaces what one's own message says. Shown at once.
   * @throws {ChatError} `message_empty`, `message_too_long`, `signed_out`: nothing was changed, keep the text
   */
  edit: (messageId: string, content: string | DraftPart[]) => void;
  /** Deletes a message. Shown at once. */
  delete: (messageId: string) => void;
  /** Pins a message for everybody. Shown at once. */
  pin: (messageId: string) => void;
  /** Takes a pin back. */
  unpin: (messageId: string) => void;
  /** Takes the preview of a link out of one's own message, for everybody and for good. */
  removePreview: (messageId: string, url: string) => Promise<void>;
  /** Says that something is wrong with another's message, to those who watch over the conversation. Rejects with a `ChatError`. */
  report: (messageId: string, report: MessageReport) => Promise<void>;
  /** Sends a failed message once more, or asks once more for a refused edit or deletion. */
  retry: (messageId: string) => void;
  /** Forgets a failed message, or that an edit or a deletion was refused. */
  discard: (messageId: string) => void;
  /** Opens the editor in place of a message; null closes it. One at a time in a thread. */
  startEdit: (messageId: string | null) => void;
  /** The same for one's newest message, as ArrowUp in an empty composer does. False where there is none to edit. */
  startEditLast: () => boolean;
  /**
   * Shows a message of the thread, loaded or not: its `MessageList` scrolls there and lets it stand out. What goes wrong shows there, too;
   * the promise rejects with it.
   */
  jumpTo: (messageId: string) => Promise<void>;
  /** The address of a message, as “Copy link” has it: absolute, or relative to the page. */
  hrefOf: (messageId: string) => string;
  /** Begins an answer: the composer quotes the message, and its next one answers it. Null ends that. */
  startReply: (message: Message | null) => void;
  /** Opens the replies that begin with a message; null closes them. */
  openReplies: (rootId: string | null) => void;
  /** The next link to a file whose link has lapsed. */
  attachmentLink: (attachmentId: string) => Promise<AttachmentLink>;
}

function actionsOf(
  { client, messageHref, userId }: Pick<ChatContextValue, 'client' | 'messageHref' | 'userId'>,
  threadId: string,
  rootId: string | null,
): MessageActions {
  const handle = client?.thread(threadId);
  const place = placeOf(threadId, rootId);
  const startEdit = (messageId: string | null) => client && editingOf(client, place).set(messageId);
  return {
    react: (messageId, emoji) => handle?.react(messageId, emoji),
    unreact: (messageId, emoji) => handle?.unreact(messageId, emoji),
    edit: (messageId, content) => {
      if (!handle) throw SIGNED_OUT_ERROR;
      handle.edit(messageId, content);
    },
    delete: (messageId) => handle?.delete(messageId),
    pin: (messageId) => handle?.pin(messageId),
    unpin: (messageId) => handle?.unpin(messageId),
    removePreview: (messageId, url) => handle?.removePreview(messageId, url) ?? Promise.reject(SIGNED_OUT_ERROR),
    report: (messageId, report) => handle?.report(messageId, report) ?? Promise.reject(SIGNED_OUT_ERROR),
    retry: (messageId) => handle?.retry(messageId),
    discard: (messageId) => handle?.discard(messageId),
    startEdit,
    startEditLast: () => {
      const messages =
        rootId === null
          ? handle?.get().entries.messages
          : handle
              ?.replies(rootId)
              .get()
              .messages.map(({ message }) => message);
      const last = messages?.findLast(({ author, deletedAt }) => author.id === userId && deletedAt === null);
      if (last) startEdit(last.id);
      return last !== undefined;
    },
    jumpTo: (messageId) => handle?.jumpTo(messageId) ?? Promise.reject(SIGNED_OUT_ERROR),
    hrefOf: (messageId) => messageHref({ threadId, messageId }),
    startReply: (message) => client && replyingOf(client, place).set(message),
    openReplies: (id) => client && openRepliesOf(client, threadId).set(id),
    attachmentLink: (attachmentId) => handle?.attachmentLink(attachmentId) ?? Promise.reject(SIGNED_OUT_ERROR),
  };
}

/**
 * What a person can do to the messages of a thread: one stable object of stable functions. Subscribes to nothing.
 * @param rootId in a panel of replies, the message that they begin with: there one edits and answers apart from the thread
 */
export function useMessageActions(threadId: string, rootId: string | null = null): MessageActions {
  const { client, messageHref, userId } = useChatContext('useMessageActions()');
  return useMemo(
    () => actionsOf({ client, messageHref, userId }, threadId, rootId),
    [client, messageHref, userId, threadId, rootId],
  );
}
