import { ChatError, type SearchHit } from '../../protocol/index.ts';
import { parseQuery, type SearchQuery } from '../search/parseQuery.ts';
import { snippetOf } from '../search/snippetOf.ts';
import type { FoundMessage } from '../storage/ChatStorage.ts';
import { searchText } from '../storage/SearchIndex.ts';
import { askApp, requireAccess } from './access.ts';
import { decodeCursor, encodeCursor } from './cursors.ts';
import type { FrameOf, SessionContext } from './SessionContext.ts';
import type { TokenBucket } from './TokenBucket.ts';

const HITS_PER_PAGE = 20;

/** Looks only where the person may read at this moment. */
export async function searchMessages(
  context: SessionContext,
  frame: FrameOf<'message.search'>,
  budget: TokenBucket,
): Promise<void> {
  const { requestId, threadId, cursor } = frame;
  const retryAfterMs = budget.take(context.ports.clock.now());
  if (retryAfterMs > 0) throw new ChatError('rate_limited', 'Too many searches in a short time.', { retryAfterMs });
  if (threadId !== undefined) await requireAccess(context, 'thread.read', threadId);
  const query = parseQuery(frame.query);
  const after = cursor === undefined ? undefined : decodeCursor('search', cursor);
  const { storage } = context;
  const found = await storage.searchMessages({
    query,
    in: threadId === undefined ? { userId: context.user.id } : { threadId },
    after,
    limit: HITS_PER_PAGE,
  });
  const readable = threadId === undefined ? await readableOf(context, found) : found;
  const last = found.length < HITS_PER_PAGE ? undefined : found.at(-1)?.message;
  context.send({
    type: 'message.found',
    requestId,
    hits: readable.map((each) => toHit(each, query)),
    nextCursor: last ? encodeCursor('search', { time: last.createdAt, id: last.id }) : null,
  });
}

/** The storage knows who is in a thread; the app may know better. */
async function readableOf(context: SessionContext, found: readonly FoundMessage[]): Promise<FoundMessage[]> {
  if (!context.ports.authorize) return [...found];
  const { storage } = context;
  const verdicts = new Map<string, boolean>();
  for (const threadId of new Set(found.map(({ message }) => message.threadId))) {
    const role = (await storage.getAccess(threadId, context.user.id))?.role ?? null;
    verdicts.set(threadId, (await askApp(context, { action: 'thread.read', threadId, role })) !== false);
  }
  return found.filter(({ message }) => verdicts.get(message.threadId));
}

function toHit({ message, threadTitle }: FoundMessage, { phrases }: SearchQuery): SearchHit {
  const { id: messageId, threadId, seq, author, createdAt, parts } = message;
  const { text: snippet, ranges } = snippetOf(searchText(parts), phrases);
  return {
    messageId,
    threadId,
    threadTitle,
    seq,
    author,
    createdAt,
    snippet,
    ranges: ranges.map(([start, end]) => ({ start, end })),
  };
}
