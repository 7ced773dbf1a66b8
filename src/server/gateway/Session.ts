import type { ChatUser } from '../../protocol/index.ts';
import { changeAnswer, rateAnswer, resumeAnswer } from './answer-actions.ts';
import {
  changePin,
  changeReaction,
  deleteMessage,
  editMessage,
  fetchHistory,
  linkAttachment,
  listPins,
  listReplies,
  sendMessage,
} from './message-actions.ts';
import { changeHandover } from './handover-actions.ts';
import { InboxWatch } from './InboxWatch.ts';
import { changeOwnState } from './own-actions.ts';
import { removePreview } from './preview-actions.ts';
import { searchPeople } from './people-actions.ts';
import { PresenceWatch } from './PresenceWatch.ts';
import { listReceipts, sendReceipt } from './receipt-actions.ts';
import { dismissReports, listReported, reportMessage } from './report-actions.ts';
import { searchMessages } from './search-actions.ts';
import type { SessionContext, SessionFrame } from './SessionContext.ts';
import { Subscriptions } from './Subscriptions.ts';
import {
  createThread,
  fetchThread,
  joinThread,
  leaveThread,
  listMembers,
  removeMember,
  renameThread,
  saveMember,
} from './thread-actions.ts';
import { ThreadListWatch } from './ThreadListWatch.ts';
import { TokenBucket } from './TokenBucket.ts';
import { TypingActions } from './typing/TypingActions.ts';

export type { SessionFrame } from './SessionContext.ts';

/** The same frame object may go to many sessions: written as JSON once, it is written for all of them. */
type SessionEvents = Pick<SessionContext, 'send' | 'onBroken'>;

/** What one signed-in person does on one connection. Knows no socket and no token. */
export class Session {
  readonly user: ChatUser;
  readonly #context: SessionContext;
  readonly #subscriptions: Subscriptions;
  readonly #list: ThreadListWatch;
  readonly #inbox: InboxWatch;
  readonly #searches: TokenBucket;
  readonly #typing: TypingActions;
  readonly #presence: PresenceWatch;

  constructor(of: Pick<SessionContext, 'user' | 'ports' | 'storage'>, events: SessionEvents) {
    const { user, ports } = of;
    this.user = user;
    this.#context = { ...of, send: events.send, onBroken: events.onBroken };
    const { searchBurst, searchesPerSecond } = ports.limits;
    this.#searches = new TokenBucket(searchBurst, searchesPerSecond, ports.clock.now());
    const onLost = (threadId: string) => this.#lose(threadId);
    this.#subscriptions = new Subscriptions(this.#context, onLost);
    this.#list = new ThreadListWatch(this.#context, onLost);
    this.#inbox = new InboxWatch(this.#context);
    this.#typing = new TypingActions(this.#context);
    this.#presence = new PresenceWatch(this.#context);
  }

  /** @throws {ChatError} what the request is refused with */
  handle(frame: SessionFrame): Promise<void> {
    const context = this.#context;
    switch (frame.type) {
      case 'thread.list':
        return this.#list.answer(frame);
      case 'thread.subscribe':
        return this.#subscriptions.open(frame);
      case 'thread.unsubscribe':
        this.#subscriptions.close(frame.threadId);
        return Promise.resolve();
      case 'thread.fetch':
        return fetchThread(context, frame);
      case 'thread.create':
        return createThread(context, frame);
      case 'thread.rename':
        return renameThread(context, frame);
      case 'thread.join':
        return joinThread(context, frame);
      case 'thread.leave':
        return leaveThread(context, frame);
      case 'thread.mute':
      case 'thread.unmute':
      case 'thread.archive':
      case 'thread.unarchive':
        return changeOwnState(context, frame);
      case 'member.list':
        return listMembers(context, frame);
      case 'member.save':
        return saveMember(context, frame);
      case 'member.remove':
        return removeMember(context, frame);
      case 'history.fetch':
        return fetchHistory(context, frame);
      case 'message.send':
        return sendMessage(context, frame);
      case 'message.edit':
        return editMessage(context, frame);
      case 'message.delete':
        return deleteMessage(context, frame);
      case 'message.search':
        return searchMessages(context, frame, this.#searches);
      case 'people.search':
        return searchPeople(context, frame, this.#searches);
      case 'reaction.add':
      case 'reaction.remove':
        return changeReaction(context, frame);
      case 'message.pin':
      case 'message.unpin':
        return changePin(context, frame);
      case 'preview.remove':
        return removePreview(context, frame);
      case 'pin.list':
        return listPins(context, frame);
      case 'message.report':
        return reportMessage(context, frame);
      case 'report.list':
        return listReported(context, frame);
      case 'report.dismiss':
        return dismissReports(context, frame);
      case 'handover.request':
      case 'handover.cancel':
      case 'handover.take':
      case 'handover.return':
        return changeHandover(context, frame);
      case 'inbox.list':
        return this.#inbox.answer(frame);
      case 'reply.list':
        return listReplies(context, frame);
      case 'answer.stop':
      case 'answer.retry':
      case 'tool.decide':
      case 'part.act':
        return changeAnswer(context, frame);
      case 'answer.rate':
        return rateAnswer(context, frame);
      case 'answer.resume':
        return resumeAnswer(context, frame);
      case 'receipt.send':
        return sendReceipt(context, frame);
      case 'typing.send':
        return this.#typing.send(frame);
      case 'presence.subscribe':
        return this.#presence.open(frame);
      case 'presence.unsubscribe':
        this.#presence.close(frame);
        return Promise.resolve();
      case 'receipt.list':
        return listReceipts(context, frame);
      case 'attachment.link':
        return linkAttachment(context, frame);
    }
  }

  end(): void {
    this.#subscriptions.closeAll();
    this.#list.end();
    this.#inbox.end();
    this.#typing.end();
    this.#presence.end();
  }

  /** Told once, whether the list or the subscription found out, or both. */
  #lose(threadId: string): void {
    const wasOpen = this.#subscriptions.close(threadId);
    const wasListed = this.#list.forget(threadId);
    if (wasOpen || wasListed) this.#context.send({ type: 'thread.removed', threadId });
  }
}
