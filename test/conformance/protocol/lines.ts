/**
 * The two transports, written from docs/protocol.md and from nothing else: this file must import nothing of the kit, or it would
 * prove only that the kit agrees with itself.
 */
import { WebSocket } from 'ws';

export interface Message {
  id: string;
  threadId: string;
  seq: number;
  version: number;
  author: { id: string; name: string; avatarUrl: string | null };
  parts: { type: string; text?: string }[];
  createdAt: number;
  editedAt: number | null;
  deletedAt: number | null;
  reactions: { emoji: string; count: number; userIds: string[] }[];
}

export interface Thread {
  id: string;
  title: string;
  role: string | null;
  memberCount: number;
  messageCount: number;
  lastMessage: Message | null;
  own: { readSeq: number | null; unreadCount: number } | null;
}

export interface Member {
  threadId: string;
  user: { id: string };
  role: string;
}

export interface Refusal {
  code: string;
  message: string;
  retryable: boolean;
  retryAfterMs?: number;
}

/** A frame of the server with the fields that this client reads. */
export interface ServerFrame {
  type: string;
  requestId?: number | null;
  user?: { id: string };
  expiresInMs?: number;
  connectionId?: string;
  error?: Refusal;
  message?: Message;
  messages?: Message[];
  thread?: Thread;
  threads?: Thread[];
  threadId?: string;
  member?: Member;
  members?: Member[];
  receipts?: { user: { id: string }; readSeq: number }[];
  nextCursor?: string | null;
  hasOlder?: boolean;
  gap?: boolean;
  lastSeq?: number;
}

export interface ClientFrame {
  type: string;
  [field: string]: unknown;
}

/** How a connection ended: a close code, or the problem document that came in place of one. */
export interface End {
  code: number;
  reason: string;
  status?: number;
}

interface LineEvents {
  onFrame: (frame: ServerFrame) => void;
  onEnd: (end: End) => void;
}

/** One connection: the token was presented, and frames go both ways. */
export interface Line {
  send(frame: ClientFrame, token: string): void;
  /** Hangs up without a word, as a lost network does. */
  drop(): void;
}

export type OpenLine = (base: string, token: string, events: LineEvents) => Line;

/** “The WebSocket”. */
export const openSocket: OpenLine = (base, token, { onFrame, onEnd }) => {
  const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/socket`, { perMessageDeflate: false });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'auth.open', protocol: 1, token })));
  socket.on('message', (data: Buffer) => onFrame(JSON.parse(data.toString('utf8')) as ServerFrame));
  socket.on('error', () => {}); // a close follows
  socket.on('close', (code, reason) => onEnd({ code, reason: reason.toString('utf8') }));
  return {
    send: (frame) => socket.send(JSON.stringify(frame)),
    drop: () => socket.terminate(),
  };
};

/** “The event stream”. */
export const openEvents: OpenLine = (base, openingToken, { onFrame, onEnd }) => {
  const abort = new AbortController();
  let connectionId = '';
  let isOver = false;
  const queue: { frame: ClientFrame; token: string }[] = [];
  let posting: Promise<void> | null = null;

  function end(how: End): void {
    if (isOver) return;
    isOver = true;
    abort.abort();
    onEnd(how);
  }

  function onEvent(type: string, data: string): void {
    if (type === 'close') return end(JSON.parse(data) as End);
    if (type !== 'message') return;
    const frame = JSON.parse(data) as ServerFrame;
    if (frame.type === 'auth.accepted') connectionId = frame.connectionId ?? '';
    onFrame(frame);
  }

  async function listen(): Promise<void> {
    const headers = { authorization: `Bearer ${openingToken}`, 'latchkit-protocol': '1' };
    const response = await fetch(`${base}/events`, { headers, signal: abort.signal });
    if (response.status !== 200) return end(await refusal(response));
    let rest = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) dispatch(block, onEvent);
    }
    end({ code: 1006, reason: '' });
  }

  /** One request under way at a time keeps the order. */
  async function flush(): Promise<void> {
    while (queue.length > 0 && !isOver) {
      const batch = queue.splice(0, 50);
      const response = await fetch(`${base}/frames`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${batch.at(-1)!.token}`,
          'content-type': 'application/json',
          'latchkit-connection': connectionId,
        },
        body: JSON.stringify(batch.map(({ frame }) => frame)),
        signal: abort.signal,
      });
      if (response.status !== 204) return end(await refusal(response));
    }
  }

  const lost = () => end({ code: 1006, reason: '' });
  listen().catch(lost);
  return {
    send(frame, token) {
      queue.push({ frame, token });
      posting ??= flush()
        .catch(lost)
        .finally(() => (posting = null));
    },
    drop: () => end({ code: 1006, reason: '' }),
  };
};

/** One event of `text/event-stream`, as the HTML standard reads it. */
function dispatch(block: string, onEvent: (type: string, data: string) => void): void {
  let type = 'message';
  const data: string[] = [];
  for (const line of block.split(/\r\n|\r|\n/)) {
    const colon = line.indexOf(':');
    if (colon === 0) continue; // a comment: a sign of life
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') type = value;
    if (field === 'data') data.push(value);
  }
  if (data.length > 0) onEvent(type, data.join('\n'));
}

/** The table of “The event stream”: what a status would be as a close code. */
async function refusal(response: Response): Promise<End> {
  const { status } = response;
  const problem = (await response.json().catch(() => ({}))) as { code?: string };
  const isServers = problem.code !== undefined;
  const codes: Record<number, number> = { 400: 1008, 401: 4100, 403: 1008, 413: 4002, 429: 4201, 503: 1013 };
  const code = (isServers || status === 429 || status === 503 ? codes[status] : undefined) ?? 1006;
  return { code, reason: problem.code ?? '', status };
}
