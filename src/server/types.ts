import type { Server } from 'node:http';
import type {
  ChatUser,
  Handover,
  Member,
  Message,
  ReportReason,
  Role,
  ServerFrameOf,
  Thread,
  ThreadAccess,
} from '../protocol/index.ts';
import type { Assistant, Respond, RespondTo, OnAction, OnRating } from './answers/types.ts';
import type { AttachmentOptions } from './attachments/options.ts';
import type { HandBackOptions, HandOverOptions, OnHandover } from './handover/types.ts';
import type { ChatLimits } from './gateway/limits.ts';
import type { MetricsOptions } from './observability/MetricsOptions.ts';
import type { LinkPreviewOptions } from './previews/options.ts';
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

/**
 * What somebody may do or not, checked whenever they do it. `thread.create` is for one's own members, `thread.create-open` for
 * everybody. `thread.mute` and `thread.archive` are also to take that back. `message.edit`, `message.delete` and `preview.remove` are
 * about one's own messages, `-any` about everybody else's.
 */
export type ChatAction =
  | 'thread.read'
  | 'thread.create'
  | 'thread.create-open'
  | 'thread.rename'
  | 'thread.join'
  | 'thread.leave'
  | 'thread.mute'
  | 'thread.archive'
  | 'member.list'
  | 'member.add'
  | 'member.change-role'
  | 'member.remove'
  | 'receipt.send'
  | 'receipt.list'
  | 'message.send'
  | 'typing.send'
  | 'message.edit'
  | 'message.edit-any'
  | 'message.delete'
  | 'message.delete-any'
  | 'message.react'
  | 'message.pin'
  | 'message.report'
  | 'report.review'
  | 'handover.request'
  | 'handover.cancel'
  | 'handover.take'
  | 'handover.return'
  | 'inbox.read'
  | 'preview.remove'
  | 'preview.remove-any'
  | 'answer.stop'
  | 'answer.retry'
  | 'answer.rate'
  | 'tool.decide'
  | 'part.act'
  | 'attachment.upload';

interface AuthorizeAbout {
  /** Who asks. */
  user: ChatUser;
  /** What they are in the thread at this moment; null for who is no member of it, and for a thread that is not there yet. */
  role: Role | null;
  /** The message that it is about, for those about a message or an answer. */
  message?: { id: string; authorId: string; createdAt: number };
  /** Whom it is about, and what they are to be: for `member.add`, `member.change-role` and, without a role, `member.remove`. */
  member?: { userId: string; role?: Role };
}

export type AuthorizeContext = AuthorizeAbout &
  (
    | { action: Exclude<ChatAction, 'inbox.read'>; threadId: string }
    | {
        action: 'inbox.read';
        /**
         * Null when it is asked about no thread in particular: `true` lets them see every thread that waits for a person, of each of which it is
         * asked then, and `false` lets them have no inbox.
         */
        threadId: string | null;
      }
  );

/**
 * The app's own rule, asked first: `false` refuses, `true` allows, `undefined` leaves it to the roles (docs/authorization.md). Asked
 * for every action, so keep it fast; for a list, once per conversation in it. When it throws, the action is refused.
 * Two things it cannot allow: giving oneself a higher role, and leaving members behind without an owner.
 */
export type Authorize = (context: AuthorizeContext) => Promise<boolean | undefined> | boolean | undefined;

/**
 * Finds people whom somebody may add to a conversation, the best matches first; at most 20 are shown. An empty query asks whom to suggest.
 * Name nobody whom `user` may not know of: what is returned is shown to them. When it throws, the search is refused.
 */
export type SearchPeople = (search: {
  query: string;
  /** Who asks. */
  user: ChatUser;
}) => Promise<readonly FoundPerson[]> | readonly FoundPerson[];

export type FoundPerson = Pick<AuthenticatedUser, 'id' | 'name' | 'avatarUrl'>;

/** What somebody thinks is wrong with a message of another. */
export interface MessageReport {
  threadId: string;
  /** As it is now. */
  message: Message;
  /** Who reports it. */
  user: ChatUser;
  reason: ReportReason;
  /** In their words. */
  note: string | null;
}

export type OnReport = (report: MessageReport) => Promise<void> | void;

export interface Logger {
  error(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  info(message: string, details?: Record<string, unknown>): void;
  /** What happens all the time: connections that come and go, requests that are refused. Default: they go to `info`. */
  debug?(message: string, details?: Record<string, unknown>): void;
}

export type ChatServerOptions = ChatServerSettings & SigningOptions;

export interface ChatServerSettings {
  authenticate: Authenticate;
  authorize?: Authorize;
  /** Whom people find when they add somebody. Default: those with whom they are in a conversation already, and nobody else. */
  searchPeople?: SearchPeople;
  /** A file for the embedded SQLite (default `.latchkit/chat.db`), `:memory:`, or `postgres://…`. */
  database?: string;
  /** Where the chat is mounted. Default `/chat`. */
  basePath?: string;
  /** Lifetime of a token in seconds, 15–900. Default 300. */
  ttl?: number;
  /** Origins of pages other than the server's own that may use it, exact: `https://app.example.com`. */
  allowedOrigins?: readonly string[];
  /** Takes files in messages (docs/attachments.md). `{}` takes all defaults. Default: no file is taken, and no route for one exists. */
  attachments?: AttachmentOptions;
  /**
   * Looks at the pages that messages link to, and shows what they say of themselves (docs/link-previews.md). The server then makes requests to
   * addresses that people choose; it refuses those that are not public. `true` takes all defaults. Default false.
   */
  linkPreviews?: boolean | LinkPreviewOptions;
  /**
   * Answers what people write: returns a stream of UI message chunks, such as `streamText(…).toUIMessageStream()` of the AI SDK. It
   * reaches everybody in the conversation as it grows (docs/answers.md). Default: there is no assistant.
   */
  respond?: Respond;
  /** How the assistant is shown. Default: “Assistant”, with the id `assistant`. */
  assistant?: Assistant;
  /**
   * Told what people do to the `data-` parts of answers: a form that was sent, a button that was pressed. What it returns, a stream like that of
   * `respond`, goes on with the answer; a `data-` chunk with the type and the id of a part stands in its place (docs/answers.md). Default: nobody can
   * do anything to them.
   */
  onAction?: OnAction;
  /** Which messages are answered. Default: each that a person sends. */
  respondTo?: RespondTo;
  /**
   * Whether people see of each other who is here and when somebody was last: only those who are members of a conversation together.
   * Default true. `false`: nobody is told anything.
   */
  presence?: boolean;
  /** Told what people think of answers, each time that they say so, for your own log or evaluation. What it throws is logged. */
  onRating?: OnRating;
  /** Told of each thread that waits for a person, to call one; the inbox has them in any case. What it throws is logged. */
  onHandover?: OnHandover;
  /** Told of each message that somebody reports, to call a moderator, say; the list of them is kept in any case. What it throws is logged. */
  onReport?: OnReport;
  /** What clients may cost this node; each has a default of its own. */
  limits?: Partial<ChatLimits>;
  /**
   * How many proxies of your own stand in front of this server and append to `X-Forwarded-For`, 0–10. Default 0: the header is not
   * believed, and every client of a proxy counts as one address. A number too great lets clients choose their address.
   */
  trustProxy?: number;
  /** Gets every event, redacted: no token, no secret, no text of a message. Default: the console, without the `debug` ones. */
  logger?: Logger;
  /** Opens `GET {basePath}/metrics` for Prometheus to whoever has the token, or whom `authorize` lets in. Default: there is none. */
  metrics?: MetricsOptions;
  /**
   * How long `close()` says 503 at `{basePath}/readyz` before it sends anybody away, ms: what a load balancer needs to stop sending new
   * connections. Default 0.
   */
  drainDelayMs?: number;
}

export interface ThreadInput {
  id: string;
  title: string;
  /** `open`: every signed-in person; `members` (default): only `members`. */
  access?: ThreadAccess;
  /**
   * The people in it, by id or with their roles; whoever is not named is taken out. Without a role somebody keeps the one that they
   * have, and who is new becomes a `member`. Left away: the members stay as they are.
   */
  members?: readonly (string | { id: string; role?: Role })[];
}

/** A conversation as the server's own code sees it: nobody's role in particular. */
export type ServerThread = Omit<Thread, 'role' | 'own'>;

/** A conversation with its newest messages, as one person sees it. */
export type ThreadPage = Omit<ServerFrameOf<'thread.subscribed'>, 'type' | 'requestId'>;

export interface MemberOptions {
  /**
   * Whose doing it is, by id: the conversation tells of it as of theirs, “Ada added Ben”; of the person themself as “Ben joined” or “Ben
   * left”. Default: it tells nothing.
   */
  by?: string;
}

/** Conversations, for the app's own code: no rule of roles applies to it, and everybody concerned is told at once. */
export interface ServerThreads {
  /**
   * Makes a thread, or brings title, access and members up to date.
   * @throws {ChatError} `bad_request` naming the field
   */
  upsert(thread: ThreadInput): Promise<ServerThread>;
  /** Null when there is none by that id. */
  get(threadId: string): Promise<ServerThread | null>;
  /**
   * What a person sees on opening a conversation: for a page that is rendered on a server, as `initialThreads` of `<ChatProvider>`. Its
   * links to files live as long as any. Null when there is none by that id, or the person may not read it: here the rules do apply.
   */
  page(threadId: string, userId: string): Promise<ThreadPage | null>;
  /** Removes a thread with all its messages, for good. False when there was none. */
  remove(threadId: string): Promise<boolean>;
  /**
   * Adds somebody, or changes the role of who is in it.
   * @param role default `member`
   * @throws {ChatError} `thread_not_found`, `bad_request`
   */
  addMember(threadId: string, userId: string, role?: Role, options?: MemberOptions): Promise<Member>;
  /**
   * Takes somebody out, the last owner too. False when nobody was there to take out.
   * @throws {ChatError} `thread_not_found`
   */
  removeMember(threadId: string, userId: string, options?: MemberOptions): Promise<boolean>;
  /**
   * Asks for a person in place of the assistant (docs/handover.md). Changes nothing where somebody waits or answers already.
   * @returns who is in charge from then on
   * @throws {ChatError} `thread_not_found`, `bad_request`, also without `respond`
   */
  handOver(threadId: string, options?: HandOverOptions): Promise<Handover>;
  /**
   * Lets the assistant answer again. Changes nothing where it does.
   * @throws {ChatError} `thread_not_found`, `bad_request`, also without `respond`
   */
  handBack(threadId: string, options?: HandBackOptions): Promise<Handover>;
}

export interface ChatServer {
  /** Answers the chat's HTTP routes, by web standards. A path outside `basePath` is answered 404 (`not_found`). */
  fetch(request: Request): Promise<Response>;
  /**
   * Mounts HTTP routes and the socket on a Node server, beside the app's own request listener, which still gets every other path.
   * How long a client may take to send a request's headers is the server's own business: make it with
   * `createServer({ headersTimeout: 10_000, connectionsCheckingInterval: 1_000 })`, because Node by itself
   * allows 60 s and looks every 30 s.
   */
  attach(server: Server): void;
  /** For the app's own code: conversations. */
  threads: ServerThreads;
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
