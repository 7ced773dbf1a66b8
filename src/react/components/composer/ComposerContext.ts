import { createContext, useContext, type KeyboardEvent, type RefObject } from 'react';
import type { ChatUser, Mention } from '../../../protocol/index.ts';
import type { ChatCommand } from '../../composer-options.ts';
import type { Message } from '../../../protocol/index.ts';

/** A list that is open above the text. */
export interface OpenList {
  listId: string;
  activeId: string;
  /** Whether the key was the list's. */
  onKey: (event: KeyboardEvent) => boolean;
}

/** What was chosen from such a list. */
type Completion =
  { user: ChatUser; labelFor: (user: ChatUser, mentions: readonly Mention[]) => string } | { command: ChatCommand };

/** What the parts of a composer know of it, and can do to it. */
export interface ComposerModel {
  threadId: string;
  /** Where it stands, the thread or a panel of replies in it: what it holds is kept under this. */
  place: string;
  /** In a panel of replies, the message that they begin with. */
  replyTo: string | null;
  /** What the next message answers, as the person chose; else null. */
  answered: Message | null;
  /** Ends that. */
  cancelReply: () => void;
  text: string;
  /** Where the text is written: for the selection, and for the focus. */
  field: RefObject<HTMLTextAreaElement | null>;
  /** Replaces the whole text. */
  write: (text: string) => void;
  /** Puts text in the place of what is selected, or of a range, and the cursor after it. */
  insert: (text: string, range?: { from: number; to: number }) => void;
  commands: readonly ChatCommand[];
  list: OpenList | null;
  /** Tells of a list that is open, or is no more. Stable. */
  suggest: (list: OpenList | null) => void;
  /** Puts what was chosen in the place of what was written to find it. */
  complete: (range: { from: number; to: number }, completion: Completion) => void;
  /** Sends, unless something stands against it; the note says what. */
  submit: () => void;
  /** Why nothing can be written here, in words; else null. */
  blocked: string | null;
  /** Whether a press on "send" would send. */
  sendable: boolean;
  /** It goes out by itself once its files are there. */
  waiting: boolean;
  /** What stands below the text: why it is not sent, or how long it is. */
  note: string | null;
  noteId: string;
  /** The text cannot be sent like this: too long, or refused. */
  over: boolean;
}

const ComposerContext = /* @__PURE__ */ createContext<ComposerModel | null>(null);

export const ComposerProvider = ComposerContext.Provider;

/** The composer that this part stands in. */
export function useComposer(): ComposerModel {
  const model = useContext(ComposerContext);
  if (!model) throw new Error('A part of a composer stands outside of <MessageComposer>.');
  return model;
}
