import { createFakeToken } from 'latchkit/testing';

const THREAD_ID = 'bench';
const ME = 'me';
const USERS = {
  user: { id: ME, name: 'Me', avatarUrl: null },
  assistant: { id: 'assistant', name: 'Assistant', avatarUrl: null },
};
/** Room in the log for what is older. */
const FIRST_SEQ = 1_000_000;

export const userId = ME;
export const threadId = THREAD_ID;
export const fetchToken = () => Promise.resolve(createFakeToken({ userId: ME }));

/**
 * A backend whose messages the benchmark hands over: through the public port, as any other. Opening the thread gives all that
 * are there in one page; what the benchmark prepends waits until the list asks for it.
 */
export class BenchBackend {
  #messages;
  #hasMore;
  #context = null;
  #connected = false;
  #firstSeq = FIRST_SEQ;
  #lastSeq = FIRST_SEQ - 1;
  #olderPages = [];
  #waiting = null;
  #answer = null;
  /** As the backends of AI protocols say it. */
  expectsAnswers = false;

  constructor(messages, { hasMore = false } = {}) {
    this.#messages = messages.map((message) => this.#stored(message));
    this.#hasMore = hasMore;
  }

  open(context) {
    this.#context = context;
    context.onState({ status: 'connecting', error: null, retryAt: null });
    const connect = () => {
      if (this.#context !== context) return;
      this.#connected = true;
      context.onEvent({ type: 'connected', user: USERS.user });
      context.onState({ status: 'connected', error: null, retryAt: null });
    };
    context.tokens.get().then(connect, () => {});
    return {
      listThreads: () => Promise.resolve({ threads: [], nextCursor: null }),
      openThread: () => Promise.resolve(this.#page()),
      closeThread() {},
      loadOlder: () => this.#older(),
      sendMessage: ({ messageId, parts }) => {
        const message = { ...this.#stored({ id: messageId, role: 'user', text: '', ts: Date.now() }), parts };
        context.onEvent({ type: 'message.created', message });
        return Promise.resolve(message);
      },
      reconnect() {},
      close: () => {
        this.#context = null;
        this.#connected = false;
      },
    };
  }

  append(message) {
    const stored = this.#stored(message);
    this.#tell({ type: 'message.created', message: stored });
    return stored;
  }

  /** An answer that grows: begun as a server begins it. */
  beginAnswer() {
    const message = { ...this.#stored({ id: 'stream', role: 'assistant', text: '', ts: Date.now() }), parts: [] };
    this.#answer = {
      message: { ...message, answer: { status: 'streaming', to: '', run: 1, at: 0, error: null } },
      text: '',
      at: 0,
    };
    this.#tell({ type: 'message.created', message: this.#answer.message });
    this.#stream([{ type: 'text-start', id: 'text' }]);
  }

  /** A chunk for each piece of text, as a server sends them. */
  growAnswer(delta) {
    this.#answer.text += delta;
    this.#stream([{ type: 'text-delta', id: 'text', delta }]);
  }

  endAnswer() {
    const { message, text, at } = this.#answer;
    this.#tell({
      type: 'message.updated',
      message: {
        ...message,
        version: (this.#lastSeq += 1),
        parts: [{ type: 'text', text }],
        answer: { ...message.answer, status: 'done', at },
      },
    });
  }

  #stream(chunks) {
    const { message, at } = this.#answer;
    this.#answer.at += chunks.length;
    this.#tell({ type: 'answer.streamed', threadId: THREAD_ID, messageId: message.id, run: 1, at, chunks });
  }

  prepend(messages) {
    this.#firstSeq -= messages.length;
    this.#olderPages.push(messages.map((message, index) => stored(message, this.#firstSeq + index)));
    this.#answerOlder();
  }

  #tell(event) {
    if (this.#connected) this.#context.onEvent(event);
  }

  #stored(message) {
    return stored(message, (this.#lastSeq += 1));
  }

  #page() {
    const messages = this.#messages;
    return { thread: thread(), messages, hasOlder: this.#hasMore, gap: false, lastSeq: this.#lastSeq };
  }

  #older() {
    const asked = new Promise((resolve) => (this.#waiting = resolve));
    this.#answerOlder();
    return asked;
  }

  #answerOlder() {
    if (!this.#waiting || this.#olderPages.length === 0) return;
    this.#waiting({ messages: this.#olderPages.shift(), hasOlder: true });
    this.#waiting = null;
  }
}

/** As a server has it: every message with arrays of its own. */
function stored({ id, role, text, ts }, seq) {
  return {
    id,
    threadId: THREAD_ID,
    seq,
    version: seq,
    author: USERS[role],
    parts: [{ type: 'text', text }],
    createdAt: ts,
    editedAt: null,
    deletedAt: null,
    reactions: [],
  };
}

function thread() {
  return {
    id: THREAD_ID,
    title: 'Benchmark',
    access: 'open',
    role: 'member',
    memberCount: 2,
    lastMessage: null,
    updatedAt: Date.now(),
  };
}
