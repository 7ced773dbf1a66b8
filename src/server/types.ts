import type { Server } from 'node:http';
import type { ChatUser, Thread } from '../protocol/index.ts';
import type { SigningOptions } from './token/keys.ts';
import type { Revocation } from './token/Revocations.ts';

/** Who the app says is asking. */
export interface AuthenticatedUser {
  /** Stable id of the person in the app: 1–128 characters without white space. Becomes the token's `sub`. */
  id: string;
  /** Shown name. Default: the id. */
  name?: string;
  avatarUrl?: string;
  /** The app’s own session, so that one session can be revoked. Becomes `sid`, which a renewal must keep. Default: one per person. */
  sessionId?: string;
  /** When the app's own session ends, ms since 1970: no token outlives it. */
  sessionExpiresAt?: number;
}

/** Reads the app's own session from a request. Null: nobody is signed in (401). `'forbidden'`: known, but may not chat (403). Throwing means that it could not be found out (503). */
export type Authenticate = (
  request: Request,
) => Promise<AuthenticatedUser | null | 'forbidden'> | AuthenticatedUser | null | 'forbidden';

export type ChatAction = 'thread.read' | 'message.send';

/** The app's own rule on top of the thread's: false refuses, true allows, undefined leaves it to the thread's access and members. */
export type Authorize = (context: {
  user: ChatUser;
  action: ChatAction;
  threadId: string;
}) => Promise<boolean | undefined> | boolean | undefined;

export interface Logger {
  error(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  info(message: string, details?: Record<string, unknown>): void;
}

export type ChatServerOptions = ChatServerSettings & SigningOptions;

export interface ChatServerSettings {
  authenticate: Authenticate;
  authorize?: Authorize;
  /** A file for the embedded SQLite (default `.latchkit/chat.db`), `:memory:`, or `postgres://…`. */
  database?: string;
  /** Where the chat is mounted. Default `/chat`. */
  basePath?: string;
  /** Lifetime of a token in seconds, 15–900. Default 300. */
  ttl?: number;
  /** Origins of pages other than the server's own that may use it, exact: `https://app.example.com`. */
  allowedOrigins?: readonly string[];
  logger?: Logger;
}

export interface ThreadInput {
  id: string;
  title: string;
  /** `open`: every signed-in person; `members` (default): only `members`. */
  access?: 'open' | 'members';
  /** Ids of the people in it. */
  members?: readonly string[];
}

export interface ChatServer {
  /** Answers the chat's HTTP routes, by web standards. A path outside `basePath` is answered 404 (`not_found`). */
  fetch(request: Request): Promise<Response>;
  /** Mounts HTTP routes and the socket on a Node server, beside the app's own request listener, which still gets every other path. */
  attach(server: Server): void;
  /** For the app's own code: conversations. */
  threads: {
    /** Makes a thread, or brings title, access and members up to date. */
    upsert(thread: ThreadInput): Promise<Thread>;
  };
  /**
   * Takes tokens back: all of one session, or a person's that were issued before a moment. Their sockets close at once
   * (`token_refused`), on every node, and neither a new connection nor a renewal is let in by them; a revoked session gets no new
   * token either. End the session in the app's own store first: this holds for 15 minutes, by when every such token has expired.
   * @throws {ChatError} `bad_request`, `database_unavailable`: then nothing was taken back
   */
  revoke(revocation: Revocation): Promise<void>;
  /** Opens the database and runs its migrations; every call waits for it by itself. Await it to fail early. */
  ready(): Promise<void>;
  /** Closes connections (1012) and the database. */
  close(): Promise<void>;
}
