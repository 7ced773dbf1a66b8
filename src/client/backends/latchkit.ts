import type { ServerFrame } from '../../protocol/index.ts';
import { ChatError, isBoundedJson, MAX_ACTION_DEPTH, MAX_ACTION_LENGTH } from '../../protocol/index.ts';
import { serverUrl, socketUrl } from '../connection/addresses.ts';
import { autoTransport } from '../connection/autoTransport.ts';
import { Connection } from '../connection/Connection.ts';
import { eventStreamTransport } from '../connection/eventStreamTransport.ts';
import type { AnswerTo, RequestFrame, RequestType } from '../connection/PendingRequests.ts';
import type { SocketConstructor } from '../connection/socket.ts';
import { socketTransport } from '../connection/socketTransport.ts';
import type { Transport } from '../connection/Transport.ts';
import { createTransportMemory } from '../connection/transportMemory.ts';
import { createUpload } from '../attachments/createUpload.ts';
import type { Clock } from '../clock.ts';
import { browserSignals } from '../PageSignals.ts';
import type { PageSignals } from '../PageSignals.ts';
import { uuidv7 } from '../uuidv7.ts';
import type { BackendActions, BackendContext, BackendSession, ChatBackend, PartAction } from './ChatBackend.ts';

const DEFAULT_URL = '/chat';

/**
 * How frames travel. `websocket`: always by WebSocket. `event-stream`: always by HTTP, server-sent events one way and POST the other.
 * `auto`: by WebSocket, and by event stream where WebSockets do not go through; what worked is remembered for an hour.
 */
export type TransportName = 'auto' | 'websocket' | 'event-stream';

export interface LatchkitBackendOptions {
  /** The server's base, absolute or relative to the page: the socket is `{url}/socket`, the event stream `{url}/events`. Default `/chat`. */
  url?: string;
  /** Default `auto`; `websocket` where `WebSocket` is given. */
  transport?: TransportName | undefined;
  /** Default: the platform's. */
  WebSocket?: SocketConstructor;
  /** For the event stream. Default: the platform's. */
  fetch?: typeof globalThis.fetch;
  /** Default: the browser's own. */
  signals?: PageSignals;
}

/** Conversations on a LatchKit server. */
export function latchkitBackend(options: LatchkitBackendOptions = {}): ChatBackend {
  const { url = DEFAULT_URL, signals } = options;
  return {
    address: () => serverUrl(url),
    // Their names need no line: nothing is asked.
    actions: Object.keys(actionsOver(undefined as never)) as (keyof Actions)[],
    open: (context) => openSession(options, context),
    upload: (file, { tokens, clock }) => createUpload({ ...file, url, tokens, clock, signals }),
  };
}

/** Whole conversations are deleted by other kinds of server alone. */
type Actions = Omit<BackendActions, 'deleteThread'>;

function openSession(options: LatchkitBackendOptions, context: BackendContext): BackendSession & Actions {
  const connection = new Connection({
    ...context,
    signals: options.signals ?? browserSignals,
    transport: chooseTransport(options, context.clock),
    onFrame: (frame) => forward(frame, context),
    onConnected: ({ user, uploads, again }) => {
      context.onEvent({ type: 'connected', user, uploads });
      if (again) context.onEvent({ type: 'reconnected' });
    },
  });
  connection.start();
  const { ask, askFor } = askingOver(connection);
  return {
    listThreads: ({ cursor, archived } = {}) => ask({ type: 'thread.list', cursor, archived }),
    openThread: (threadId, { afterSeq } = {}) => ask({ type: 'thread.subscribe', threadId, afterSeq }),
    closeThread: (threadId) => connection.send({ type: 'thread.unsubscribe', threadId }),
    loadOlder: (threadId, options) => ask({ type: 'history.fetch', threadId, ...options }),
    sendMessage: (sent) => askFor({ type: 'message.send', ...sent }, 'message'),
    reconnect: () => connection.reconnect(),
    close: () => connection.close(),
    ...actionsOver(connection),
  };
}

/** Requests as promises of what their answers say. */
function askingOver(connection: Connection) {
  const ask = async <T extends RequestType>(frame: RequestFrame<T>) => payload(await connection.request(frame));
  const askFor = async <T extends RequestType, K extends keyof AnswerTo<T>>(frame: RequestFrame<T>, field: K) =>
    (await connection.request(frame))[field];
  const tell = async <T extends RequestType>(frame: RequestFrame<T>) => void (await connection.request(frame));
  return { ask, askFor, tell };
}

function actionsOver(connection: Connection): Actions {
  const { ask, askFor, tell } = askingOver(connection);
  return {
    loadNewer: (threadId, options) => ask({ type: 'history.fetch', threadId, ...options }),
    loadAround: (threadId, { messageId, limit }) =>
      ask({ type: 'history.fetch', threadId, aroundMessageId: messageId, limit }),
    editMessage: ({ replyTo: _, ...edited }) => askFor({ type: 'message.edit', ...edited }, 'message'),
    deleteMessage: (threadId, messageId) => askFor({ type: 'message.delete', threadId, messageId }, 'message'),
    addReaction: (threadId, messageId, emoji) =>
      askFor({ type: 'reaction.add', threadId, messageId, emoji }, 'message'),
    removeReaction: (threadId, messageId, emoji) =>
      askFor({ type: 'reaction.remove', threadId, messageId, emoji }, 'message'),
    fetchThread: (threadId) => askFor({ type: 'thread.fetch', threadId }, 'thread'),
    createThread: (created) => askFor({ type: 'thread.create', ...created }, 'thread'),
    renameThread: (threadId, title) => askFor({ type: 'thread.rename', threadId, title }, 'thread'),
    joinThread: (threadId) => askFor({ type: 'thread.join', threadId }, 'thread'),
    leaveThread: (threadId) => tell({ type: 'thread.leave', threadId }),
    muteThread: (threadId) => askFor({ type: 'thread.mute', threadId }, 'thread'),
    unmuteThread: (threadId) => askFor({ type: 'thread.unmute', threadId }, 'thread'),
    archiveThread: (threadId) => askFor({ type: 'thread.archive', threadId }, 'thread'),
    unarchiveThread: (threadId) => askFor({ type: 'thread.unarchive', threadId }, 'thread'),
    listMembers: (threadId, { cursor } = {}) => ask({ type: 'member.list', threadId, cursor }),
    saveMember: (threadId, userId, role) => askFor({ type: 'member.save', threadId, userId, role }, 'member'),
    removeMember: (threadId, userId) => tell({ type: 'member.remove', threadId, userId }),
    pinMessage: (threadId, messageId) => askFor({ type: 'message.pin', threadId, messageId }, 'message'),
    unpinMessage: (threadId, messageId) => askFor({ type: 'message.unpin', threadId, messageId }, 'message'),
    removePreview: (threadId, messageId, url) =>
      askFor({ type: 'preview.remove', threadId, messageId, url }, 'message'),
    reportMessage: (threadId, messageId, report) => tell({ type: 'message.report', threadId, messageId, ...report }),
    listReported: (threadId) => askFor({ type: 'report.list', threadId }, 'reported'),
    dismissReports: (threadId, messageId) => tell({ type: 'report.dismiss', threadId, messageId }),
    handOver: (threadId, step, reason) =>
      askFor({ type: `handover.${step}`, threadId, reason } as RequestFrame<'handover.request'>, 'thread'),
    listInbox: (options) => ask({ type: 'inbox.list', ...options }),
    listPins: (threadId) => askFor({ type: 'pin.list', threadId }, 'messages'),
    listReplies: (threadId, messageId, options) => ask({ type: 'reply.list', threadId, messageId, ...options }),
    sendReceipt: (threadId, readSeq) => askFor({ type: 'receipt.send', threadId, readSeq }, 'thread'),
    listReceipts: (threadId) => askFor({ type: 'receipt.list', threadId }, 'receipts'),
    sendTyping: (threadId, active) => connection.send({ type: 'typing.send', threadId, active }),
    watchPresence: (userIds) => askFor({ type: 'presence.subscribe', userIds }, 'presences'),
    unwatchPresence: (userIds) => connection.send({ type: 'presence.unsubscribe', userIds }),
    searchMessages: (search) => ask({ type: 'message.search', ...search }),
    searchPeople: (query) => askFor({ type: 'people.search', query }, 'people'),
    stopAnswer: (threadId, messageId) => askFor({ type: 'answer.stop', threadId, messageId }, 'message'),
    retryAnswer: (threadId, messageId) => askFor({ type: 'answer.retry', threadId, messageId }, 'message'),
    resumeAnswer: (threadId, messageId) => askFor({ type: 'answer.resume', threadId, messageId }, 'message'),
    rateAnswer: (threadId, messageId, rating) => askFor({ type: 'answer.rate', threadId, messageId, rating }, 'rating'),
    decideTool: (threadId, messageId, decision) =>
      askFor({ type: 'tool.decide', threadId, messageId, ...decision }, 'message'),
    actOnPart: async (threadId, messageId, action) =>
      askFor({ type: 'part.act', threadId, messageId, ...toWireAction(action) }, 'message'),
    attachmentLink: (threadId, attachmentId) => ask({ type: 'attachment.link', threadId, attachmentId }),
  };
}

/** @throws {ChatError} `bad_request`: more than fits in a frame would close the connection */
function toWireAction({ partId, actionId = uuidv7(), data }: PartAction) {
  if (!isBoundedJson(data, { length: MAX_ACTION_LENGTH, depth: MAX_ACTION_DEPTH }))
    throw new ChatError(
      'bad_request',
      `An action is JSON of at most ${MAX_ACTION_LENGTH} characters, nested ${MAX_ACTION_DEPTH} deep.`,
    );
  return { partId, actionId, data };
}

/** What an answer says beyond whose answer it is. */
function payload<A extends { type: string; requestId: number }>(answer: A): Omit<A, 'type' | 'requestId'> {
  const { type: _type, requestId: _requestId, ...rest } = answer;
  return rest;
}

function forward(frame: ServerFrame, context: BackendContext): void {
  switch (frame.type) {
    case 'message.created':
    case 'message.updated':
    case 'answer.streamed':
    case 'member.updated':
    case 'member.removed':
    case 'receipt.updated':
    case 'report.updated':
    case 'inbox.updated':
    case 'typing.updated':
    case 'presence.updated':
    case 'thread.updated':
    case 'thread.removed':
      context.onEvent(frame);
      break;
    default: // Answers, and what concerns the connection alone.
  }
}

/** Asks nothing of the platform yet: that is each attempt's to do. */
function chooseTransport(options: LatchkitBackendOptions, clock: Clock): Transport {
  const { url: base = DEFAULT_URL, transport = options.WebSocket ? 'websocket' : 'auto' } = options;
  const url = () => serverUrl(base);
  const PlatformSocket = options.WebSocket ?? globalThis.WebSocket;
  const socket = socketTransport(() => {
    if (PlatformSocket) return new PlatformSocket(socketUrl(base));
    throw new ChatError('invalid_options', 'This platform has no WebSocket; pass one, or leave transport at `auto`.');
  });
  if (transport === 'websocket') return socket;
  const eventStream = eventStreamTransport({ url, clock, fetch: options.fetch });
  if (transport === 'event-stream') return eventStream;
  const memory = createTransportMemory({ url, now: () => clock.now() });
  return autoTransport({ socket: PlatformSocket ? socket : null, eventStream, memory, clock });
}
