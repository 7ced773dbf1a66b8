import type { Generated } from 'kysely';

/** The tables as Kysely sees them. Times are ms since 1970; Postgres returns its 64-bit columns as text. */
type BigInteger = number | string;

/** What is known of each file. The bytes are elsewhere. */
export interface AttachmentRow {
  id: string;
  thread_id: string;
  uploader_id: string;
  filename: string;
  /** Bytes, as announced before the upload, and as they are once it is stored: the same. */
  size: BigInteger;
  created_at: BigInteger;
  /** When it was complete, checked and accepted. */
  stored_at: BigInteger | null;
  /** Why it was refused, in words for the person. */
  refused: string | null;
  /** What the server found it to be; null until it is stored. */
  media_type: string | null;
  width: number | null;
  height: number | null;
  /** The message that it was sent in, and when it was. */
  message_id: string | null;
  claimed_at: BigInteger | null;
  /** When its removal began: from then on nobody gets it any more. */
  swept_at: BigInteger | null;
}

/** Random keys that all nodes of a server share. */
interface KeyRow {
  name: string;
  value: string;
}

export interface Schema {
  latchkit_migrations: { version: number; applied_at: BigInteger };
  latchkit_users: {
    id: string;
    name: string;
    avatar_url: string | null;
    /** When their profile was last told: with each token. */
    updated_at: BigInteger;
    /** When they were last here: a token was made for them, or their last connection ended. Null for who never was. */
    last_seen_at: BigInteger | null;
  };
  latchkit_threads: {
    id: string;
    title: string;
    access: string;
    /** The newest place in the log that was taken; 0 in an empty thread. */
    last_seq: BigInteger;
    /** The `seq` of the newest message that is no system message; 0 where there is none. */
    last_message_seq: BigInteger;
    /** Messages that were ever sent to it, system messages aside. */
    message_count: BigInteger;
    /** Who made it by the protocol; null for the app's own. */
    created_by: string | null;
    created_at: BigInteger;
    /** Time of the newest message, else of the creation. */
    updated_at: BigInteger;
    /** `waiting` for a person, or with a `person`; null with the assistant. */
    handover_state: string | null;
    handover_since: BigInteger | null;
    /** Who asked for a person, and who answers. */
    handover_asked_by: string | null;
    handover_agent: string | null;
    handover_reason: string | null;
    /** Place in the log of the system message that told of it last. */
    handover_version: Generated<BigInteger>;
  };
  latchkit_members: { thread_id: string; user_id: string; role: string; joined_at: BigInteger };
  /** What a thread is to one person, where that is anything: members and visitors. */
  latchkit_own_states: {
    thread_id: string;
    user_id: string;
    /** Place in the log up to which they have read. */
    read_seq: BigInteger;
    /** When they said so; null while they have not. */
    read_at: BigInteger | null;
    /** 1: its messages draw no attention. */
    muted: number;
    /** How many messages it had when it was put away; null while it is not. */
    archived_count: BigInteger | null;
  };
  latchkit_messages: {
    id: string;
    thread_id: string;
    seq: BigInteger;
    /** Place in the log of the newest change. */
    version: BigInteger;
    author_id: string;
    /** Postgres: the words of the message. */
    search?: string | null;
    /** JSON text: escaped, so that any character a person can send is stored by either engine. */
    parts: string;
    /** JSON: previews of links, and links whose preview was removed. */
    previews: string | null;
    created_at: BigInteger;
    edited_at: BigInteger | null;
    deleted_at: BigInteger | null;
    /** JSON: how far it is, of an assistant's answer. */
    answer: string | null;
    /** Of an answer that grows: when it was last heard of. */
    answer_beat: BigInteger | null;
    /** JSON: what an answer was asked, and what it said in earlier attempts. */
    answer_history: string | null;
    /** JSON: what happened, of a system message; null for what somebody wrote. */
    event: string | null;
    /** The message that it answers, and the one that the replies begin with. */
    reply_to: string | null;
    root_id: string | null;
    /** How many replies begin with it, the deleted ones not counted. */
    reply_count: Generated<BigInteger>;
    pinned_at: BigInteger | null;
    pinned_by: string | null;
  };
  /** SQLite: which row of the index a message is. */
  latchkit_search_messages: { id: Generated<number>; message_id: string };
  /** SQLite: the index. */
  latchkit_search_words: { rowid: number; words: string };
  latchkit_reactions: {
    message_id: string;
    emoji: string;
    user_id: string;
    /** The place in the log that it took: who was first. */
    seq: BigInteger;
  };
  latchkit_ratings: {
    message_id: string;
    user_id: string;
    /** `good` or `bad`. */
    value: string;
    reason: string | null;
    rated_at: BigInteger;
  };
  latchkit_reports: {
    message_id: string;
    thread_id: string;
    user_id: string;
    reason: string;
    note: string | null;
    reported_at: BigInteger;
    /** When it was decided that the message stays; null while nobody has. */
    dismissed_at: BigInteger | null;
  };
  latchkit_attachments: AttachmentRow;
  latchkit_keys: KeyRow;
  latchkit_revocations: {
    kind: string;
    /** Of the session or of the person, as `kind` says. */
    id: string;
    /** Tokens issued before this are refused, ms. */
    before: BigInteger;
    /** When the row says nothing more, ms. */
    expires_at: BigInteger;
  };
}
