import type { ReportedMessage, ReportReason } from '../protocol/index.ts';
import { toChatError } from './fake-errors.ts';
import type { FakeConversation } from './FakeConversation.ts';

export interface FakeReport {
  messageId: string;
  reason: ReportReason;
  note?: string | undefined;
}

/** What people reported in one conversation, as a server keeps it. */
export class FakeReports {
  readonly #byMessage = new Map<string, ReportedMessage['reports']>();

  /** @throws {ChatError} `message_not_found`; `bad_request` for one's own */
  add(thread: FakeConversation, by: ReportedMessage['reports'][number]['user'], report: FakeReport, at: number): void {
    const { messageId, reason, note = null } = report;
    const message = thread.get(messageId);
    if (!message || message.deletedAt !== null) throw toChatError('message_not_found');
    if (message.event) throw toChatError('system_message');
    if (message.author.id === by.id) throw toChatError('bad_request');
    const others = (this.#byMessage.get(messageId) ?? []).filter(({ user }) => user.id !== by.id);
    this.#byMessage.set(messageId, [{ user: by, reason, note, at }, ...others]);
  }

  /** False where there were none. */
  dismiss(messageId: string): boolean {
    return this.#byMessage.delete(messageId);
  }

  /** The last reported first; what was deleted is decided. */
  list(thread: FakeConversation): ReportedMessage[] {
    return [...this.#byMessage]
      .flatMap(([messageId, reports]) => {
        const message = thread.get(messageId);
        return message?.deletedAt === null ? [{ message, reports, count: reports.length }] : [];
      })
      .sort((a, b) => (b.reports[0]?.at ?? 0) - (a.reports[0]?.at ?? 0));
  }
}
