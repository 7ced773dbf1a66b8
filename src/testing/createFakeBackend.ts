import { AnswerParts } from '../protocol/answers/index.ts';
import { latchkitBackend, systemClock } from '../client/index.ts';
import type { Message } from '../protocol/index.ts';
import { toChatError } from './fake-errors.ts';
import type { FakeBackend, FakeBackendOptions, FakeFault, FakeLine, FakeRequestName } from './fake-types.ts';
import { FakeLog } from './FakeLog.ts';
import {
  announceMessage,
  announceThread,
  handOver,
  read,
  report,
  setMember,
  setOwn,
  setPresence,
  type as typeOf,
  type FakeWorld,
} from './fake-world.ts';
import { FakeSession } from './FakeSession.ts';
import { FakeUpload } from './FakeUpload.ts';

const DEFAULT_PAGE_SIZE = 50;

/**
 * A chat backend in memory, for an app's own tests and stories: give it to `<ChatProvider backend={…}>` or `createChatClient`.
 * It keeps what a server promises (a log in which every change takes one place, a send stored once per id, access by members and roles, a token before each
 * connection), goes wrong on request, and lets the test play the far side. Several clients may share one.
 *
 * ```tsx
 * const backend = createFakeBackend({ threads: [{ id: 'help', title: 'Help desk' }] });
 * render(<ChatProvider userId="ada" backend={backend} fetchToken={createFakeFetchToken({ userId: 'ada' })}>…);
 * backend.receive({ threadId: 'help', author: 'ben', text: 'How can I help?' });
 * backend.setFault('sendMessage', 'rate_limited');
 * ```
 * @throws {ChatError} `invalid_options` where `pageSize` or `latencyMs` makes no sense
 */
export function createFakeBackend(options: FakeBackendOptions = {}): FakeBackend {
  const { clock = systemClock, latencyMs = 0, pageSize = DEFAULT_PAGE_SIZE, connectionStatus = 'connected' } = options;
  if (!(pageSize >= 1) || !(latencyMs >= 0)) throw toChatError('invalid_options');

  const log = new FakeLog({ clock, pageSize });
  const world: FakeWorld = {
    staff: new Set(options.staff),
    clock,
    log,
    latencyMs,
    sessions: new Set(),
    requests: [],
    faults: new Map(Object.entries(options.faults ?? {}) as [FakeRequestName, FakeFault][]),
    uploads: options.uploads ? { maxBytes: 25 * 1_048_576, types: ['*/*'], ...options.uploads } : null,
    presences: new Map(),
    uploading: new Set(),
    line: lineOf(connectionStatus, options.connectionError),
  };
  for (const user of options.users ?? []) log.setUser(user);
  for (const thread of options.threads ?? []) log.setThread(thread);

  function told(message: Message): Message {
    announceMessage(world, message);
    return message;
  }

  function setLine(status: FakeLine, error?: FakeBackendOptions['connectionError']): void {
    world.line = lineOf(status, error);
    for (const session of [...world.sessions]) session.lineChanged();
    for (const upload of [...world.uploading]) upload.changed();
  }

  return {
    actions: [...(latchkitBackend().actions ?? []), ...(options.alsoCan ?? [])],
    open: (context) => new FakeSession(world, context),
    ...(world.uploads && { upload: (file, context) => new FakeUpload(world, file, context) }),
    requests: world.requests,
    messages: (threadId) => log.thread(threadId).messages,
    receive({ threadId, author, text, id, replyTo }) {
      return told(log.append(threadId, { author: log.user(author), parts: [{ type: 'text', text }], id, replyTo }));
    },
    answer({ threadId, author, to, id }) {
      // One that was asked for anew is there, and grows.
      const again = id === undefined ? undefined : log.thread(threadId).get(id);
      const answer = { status: 'streaming' as const, to, run: again?.answer?.run ?? 1, at: 0, error: null };
      const message = again ?? told(log.append(threadId, { author: log.user(author), parts: [], id, answer }));
      const { run } = answer;
      const parts = new AnswerParts();
      let at = 0;
      return {
        id: message.id,
        write(...chunks) {
          for (const chunk of chunks) parts.add(chunk);
          const event = { type: 'answer.streamed' as const, threadId, messageId: message.id, run, at, chunks };
          at += chunks.length;
          for (const session of [...world.sessions]) session.deliver(event);
        },
        end(status = 'done') {
          const error = status === 'done' || status === 'stopped' ? null : toChatError(status).toWire();
          const state = status === 'done' || status === 'stopped' ? status : 'failed';
          return told(log.thread(threadId).setAnswer(message.id, { status: state, error, at }, [...parts.parts]));
        },
      };
    },
    edit: ({ threadId, messageId, text }) => told(log.thread(threadId).edit(messageId, [{ type: 'text', text }])),
    delete: ({ threadId, messageId }) => told(log.thread(threadId).delete(messageId)),
    react({ threadId, messageId, userId, emoji, taken = false }) {
      const thread = log.thread(threadId);
      return told(taken ? thread.unreact(messageId, userId, emoji) : thread.react(messageId, userId, emoji));
    },
    read({ threadId, userId, messageId }) {
      const { messages } = log.thread(threadId);
      const message = messageId === undefined ? messages.at(-1) : log.thread(threadId).get(messageId);
      if (message) read(world, threadId, userId, message.seq);
    },
    preview: ({ threadId, messageId, previews }) => told(log.thread(threadId).setPreviews(messageId, previews)),
    pin({ threadId, messageId, userId, taken = false }) {
      const thread = log.thread(threadId);
      return told(taken ? thread.unpin(messageId) : thread.pin(messageId, userId));
    },
    report: ({ threadId, userId, ...said }) => report(world, threadId, userId, said),
    handOver: ({ threadId, userId, step, reason }) => handOver(world, threadId, userId, { step, reason }),
    type: ({ threadId, userId, active = true }) => typeOf(world, threadId, userId, active),
    setPresence: ({ userId, online, lastSeenAt = clock.now() }) =>
      setPresence(world, { userId, online, lastSeenAt: online ? null : lastSeenAt }),
    setOwn: (threadId, userId, change) => void setOwn(world, threadId, userId, change),
    setMember: (threadId, userId, role, { by } = {}) => void setMember(world, threadId, userId, role, by),
    setThread(thread) {
      const readers = [...world.sessions].filter(({ userId }) => log.mayRead(thread.id, userId));
      for (const message of log.setThread(thread)) announceMessage(world, message);
      for (const session of readers) {
        if (!log.mayRead(thread.id, session.userId)) session.deliver({ type: 'thread.removed', threadId: thread.id });
      }
      announceThread(world, thread.id);
      return log.thread(thread.id).viewFor('');
    },
    setUser: (user) => log.setUser(user),
    setFault(request, fault) {
      if (fault === null) world.faults.delete(request);
      else world.faults.set(request, fault);
      for (const session of [...world.sessions]) session.faultsChanged();
      for (const upload of [...world.uploading]) upload.changed();
    },
    setLatency(ms) {
      world.latencyMs = ms;
    },
    goOffline: () => setLine('offline'),
    goOnline: () => setLine('connected'),
    disconnect: (error) => setLine(error === undefined ? 'reconnecting' : 'closed', error),
  };
}

function lineOf(status: FakeLine, error: FakeBackendOptions['connectionError']): FakeWorld['line'] {
  if (error !== undefined) return { status, error: toChatError(error) };
  return { status, error: status === 'reconnecting' || status === 'closed' ? toChatError('connection_lost') : null };
}
