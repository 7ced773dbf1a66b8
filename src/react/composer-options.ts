import type { ChatClient, DraftPart } from '../client/index.ts';

/** What a command may do to the conversation that it was given in. */
export interface CommandContext {
  threadId: string;
  /** What was written after the command's name. */
  argument: string;
  client: ChatClient;
  /** Puts text where the command stood, to be written on and sent by the person. */
  insert: (text: string) => void;
  /** Sends at once, as the person. Returns the message's id. */
  send: (content: string | DraftPart[]) => string;
}

/** Something to be done by writing `/` and its name, or by choosing it from the list that `/` opens. */
export interface ChatCommand {
  /** Without the `/`; no white space. */
  name: string;
  description: string;
  /** What is to be written after the name, in a word: choosing the command then writes its name and waits for it. */
  argument?: string;
  run: (context: CommandContext) => void;
}

/** How messages are written, for all composers of a provider. */
export interface ComposerOptions {
  /** What sends: Enter (default; Shift+Enter breaks the line), or Ctrl+Enter (⌘+Enter), where Enter breaks the line. */
  sendKey?: 'enter' | 'mod-enter';
  /** Longest message, in UTF-16 code units. Default and most: 10,000. */
  maxLength?: number;
  commands?: readonly ChatCommand[];
  /** Whether emoji are offered. Default true. */
  emoji?: boolean;
  /**
   * Whether speaking is offered, where the browser can take it down. Default false: some browsers send what they hear to their maker.
   */
  dictation?: boolean;
}
