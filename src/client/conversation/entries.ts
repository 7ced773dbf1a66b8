import { ChatError } from '../../protocol/index.ts';
import type { ChatUser, Message, MessagePart, Reaction } from '../../protocol/index.ts';
import type { OutboxItem } from './OutboxItem.ts';
import type { EntryList } from './StoredEntries.ts';
import type { DraftPart, MessageChange, MessageEntry } from './types.ts';

type Items = readonly OutboxItem[];
/** By the message that they change. */
type Changes = ReadonlyMap<string, Items>;

const NO_CHANGES: Changes = new Map();

/**
 * The rows of a thread: what the server has, with the person's own changes on top of it as if they were done, then what is still to
 * be sent. A change is applied to each newer copy of its message, so that nothing that the server said in between is lost; without
 * the change, the row is the server's again. Rows of which nothing changed keep their objects.
 */
export class EntryView {
  #last: { stored: EntryList; items: Items; unsent: boolean; entries: EntryList } | null = null;
  readonly #unsent = new WeakMap<OutboxItem, MessageEntry>();
  readonly #changed = new WeakMap<MessageEntry, { by: Items; entry: MessageEntry }>();

  /**
   * The same list until something changes.
   * @param options `unsent`: whether what is still to be sent is among them: not where the newest messages are not
   */
  entries(stored: EntryList, items: Items, me: ChatUser, { unsent } = { unsent: true }): EntryList {
    const last = this.#last;
    if (last && stored === last.stored && items === last.items && unsent === last.unsent) return last.entries;
    const changes = changesOf(items);
    const shown = (entry: MessageEntry) => this.#withChanges(entry, changes.get(entry.message.id), me);
    const sends = unsent ? items.filter(({ task }) => task.type === 'send') : [];
    const unsentEntries = sends.map((item) => shown(this.#unsentEntry(item, me)));
    // Mostly there is nothing of one's own on top, and no need for a second list.
    const isPlain = changes.size === 0 && unsentEntries.length === 0;
    const entries = isPlain ? stored : new OwnOnTop(stored, changes, unsentEntries, shown);
    this.#last = { stored, items, unsent, entries };
    return entries;
  }

  #unsentEntry(item: OutboxItem, me: ChatUser): MessageEntry {
    let entry = this.#unsent.get(item);
    if (!entry) this.#unsent.set(item, (entry = unsentEntry(item, me)));
    return entry;
  }

  #withChanges(base: MessageEntry, by: Items | undefined, me: ChatUser): MessageEntry {
    if (!by) return base;
    let changed = this.#changed.get(base);
    if (!changed || !sameItems(changed.by, by)) this.#changed.set(base, (changed = { by, entry: apply(base, by, me) }));
    return changed.entry;
  }
}

/** What the server has with what is one's own on top of it and after it. */
class OwnOnTop implements EntryList {
  readonly #stored: EntryList;
  readonly #changes: Changes;
  readonly #unsent: readonly MessageEntry[];
  readonly #shown: (entry: MessageEntry) => MessageEntry;
  #all: readonly MessageEntry[] | null = null;
  #messages: readonly Message[] | null = null;

  /** @param shown the entry with the changes on top of it */
  constructor(
    stored: EntryList,
    changes: Changes,
    unsent: readonly MessageEntry[],
    shown: (entry: MessageEntry) => MessageEntry,
  ) {
    this.#stored = stored;
    this.#changes = changes;
    this.#unsent = unsent;
    this.#shown = shown;
  }

  get length(): number {
    return this.#stored.length + this.#unsent.length;
  }

  get all(): readonly MessageEntry[] {
    return (this.#all ??= [...this.#stored.all.map(this.#shown), ...this.#unsent]);
  }

  get messages(): readonly Message[] {
    return (this.#messages ??= [
      ...this.#stored.messages.map((message, index) =>
        this.#changes.has(message.id) ? (this.at(index)?.message ?? message) : message,
      ),
      ...this.#unsent.map(({ message }) => message),
    ]);
  }

  at(index: number): MessageEntry | undefined {
    const entry = this.#stored.at(index);
    return entry ? this.#shown(entry) : this.#unsent[index - this.#stored.length];
  }
}

/** A message that is on its way: `seq` 0 stands for "not numbered yet". */
function unsentEntry({ messageId: id, threadId, at, task, error }: OutboxItem, author: ChatUser): MessageEntry {
  const parts = task.type === 'send' ? shownParts(task.parts, []) : [];
  return {
    message: {
      id,
      threadId,
      seq: 0,
      version: 0,
      author,
      parts,
      createdAt: at,
      editedAt: null,
      deletedAt: null,
      reactions: [],
      ...(task.type === 'send' && task.replyTo && { replyTo: task.replyTo }),
    },
    delivery: error ? 'failed' : 'sending',
    error: error && ChatError.fromWire(error),
    mine: true,
    change: null,
  };
}

function changesOf(items: Items): Changes {
  if (items.every(({ task }) => task.type === 'send')) return NO_CHANGES;
  const changes = new Map<string, OutboxItem[]>();
  for (const item of items) {
    if (item.task.type !== 'send') changes.set(item.messageId, [...(changes.get(item.messageId) ?? []), item]);
  }
  return changes;
}

function apply(base: MessageEntry, items: Items, me: ChatUser): MessageEntry {
  let { message } = base;
  let change: MessageChange | null = null;
  for (const { task, at, error } of items) {
    if (task.type === 'send') continue;
    if (!error) message = withTask(message, task, at, me);
    change = {
      type: task.type,
      status: error ? 'failed' : 'saving',
      error: error && ChatError.fromWire(error),
      parts: task.type === 'edit' ? task.parts : null,
    };
  }
  return { ...base, message, change };
}

/** The message as the server will have it once it did this. */
function withTask(message: Message, task: OutboxItem['task'], at: number, me: ChatUser): Message {
  if (message.deletedAt !== null) return message;
  switch (task.type) {
    case 'send':
      return message;
    case 'edit':
      return { ...message, parts: shownParts(task.parts, message.parts), editedAt: at };
    case 'delete':
      return { ...message, parts: [], reactions: [], deletedAt: at };
    case 'pin':
      return { ...message, pinned: message.pinned ?? { userId: me.id, at } };
    case 'unpin':
      return { ...message, pinned: undefined };
    case 'react':
      return { ...message, reactions: withReaction(message.reactions, task.emoji, me.id) };
    case 'unreact':
      return { ...message, reactions: withoutReaction(message.reactions, task.emoji, me.id) };
  }
}

function withReaction(reactions: readonly Reaction[], emoji: string, userId: string): Reaction[] {
  const given = reactions.find((reaction) => reaction.emoji === emoji);
  if (!given) return [...reactions, { emoji, count: 1, userIds: [userId] }];
  if (given.userIds.includes(userId)) return [...reactions];
  const more = { ...given, count: given.count + 1, userIds: [...given.userIds, userId] };
  return reactions.map((reaction) => (reaction === given ? more : reaction));
}

function withoutReaction(reactions: readonly Reaction[], emoji: string, userId: string): Reaction[] {
  return reactions.flatMap((reaction) => {
    if (reaction.emoji !== emoji || !reaction.userIds.includes(userId)) return [reaction];
    const userIds = reaction.userIds.filter((id) => id !== userId);
    return reaction.count > 1 ? [{ ...reaction, count: reaction.count - 1, userIds }] : [];
  });
}

/** What can be shown already: of a file that only its id is known of, the copy in the message, if there is one. */
function shownParts(parts: readonly DraftPart[], present: readonly MessagePart[]): MessagePart[] {
  return parts.flatMap((part): MessagePart[] => {
    if (part.type === 'text' || 'url' in part) return [part];
    return present.filter((known) => known.type === 'file' && known.attachmentId === part.attachmentId);
  });
}

function sameItems(a: Items, b: Items): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
