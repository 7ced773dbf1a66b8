import type { ConnectionState, ReceiptListState, ThreadListState, ThreadState } from '../../client/index.ts';
import { ChatError } from '../../protocol/index.ts';
import { NO_ENTRIES } from '../entries.ts';

/** What each hook returns while nobody is signed in: a refusal with a reason, so that every part can say so. */
const error = /* @__PURE__ */ new ChatError('signed_out', 'Nobody is signed in: <ChatProvider> has userId={null}.');

export const SIGNED_OUT_ERROR: ChatError = error;

export const SIGNED_OUT_CONNECTION: ConnectionState = { status: 'closed', error, retryAt: null };

export const SIGNED_OUT_THREADS: ThreadListState = {
  status: 'error',
  threads: [],
  hasMore: false,
  loadingMore: false,
  error,
};

export const SIGNED_OUT_RECEIPTS: ReceiptListState = {
  status: 'error',
  receipts: [],
  hasMore: false,
  loadingMore: false,
  error,
};

export const SIGNED_OUT_THREAD: ThreadState = {
  status: 'refused',
  thread: null,
  messages: [],
  entries: NO_ENTRIES,
  hasOlder: false,
  loadingOlder: false,
  hasNewer: false,
  loadingNewer: false,
  arrived: 0,
  jump: null,
  lastSent: null,
  error,
};

/** What there is before the client has said anything: on the server, and while hydrating. */
export const IDLE_CONNECTION: ConnectionState = { status: 'idle', error: null, retryAt: null };

export const LOADING_THREADS: ThreadListState = {
  status: 'loading',
  threads: [],
  hasMore: false,
  loadingMore: false,
  error: null,
};

export const LOADING_RECEIPTS: ReceiptListState = {
  status: 'loading',
  receipts: [],
  hasMore: false,
  loadingMore: false,
  error: null,
};
