/** The tables as Kysely sees them. Times are ms since 1970; Postgres returns its 64-bit columns as text. */
type BigInteger = number | string;

export interface Schema {
  latchkit_migrations: { version: number; applied_at: BigInteger };
  latchkit_users: { id: string; name: string; avatar_url: string | null; updated_at: BigInteger };
  latchkit_threads: {
    id: string;
    title: string;
    access: string;
    /** The `seq` of the newest message; 0 in an empty thread. */
    last_seq: BigInteger;
    created_at: BigInteger;
    /** Time of the newest message, else of the creation. */
    updated_at: BigInteger;
  };
  latchkit_members: { thread_id: string; user_id: string; joined_at: BigInteger };
  latchkit_messages: {
    id: string;
    thread_id: string;
    seq: BigInteger;
    author_id: string;
    /** JSON text: escaped, so that any character a person can send is stored by either engine. */
    parts: string;
    created_at: BigInteger;
  };
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
