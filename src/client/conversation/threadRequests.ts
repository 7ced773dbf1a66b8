import type { Message, Thread } from '../../protocol/index.ts';
import type { BackendSession } from '../backends/ChatBackend.ts';
import { ask } from './ask.ts';
import type { Line } from './Line.ts';
import type { ThreadHost, ThreadStore } from './ThreadStore.ts';
import type { ThreadHandle } from './types.ts';

export type ThreadRequests = Pick<
  ThreadHandle,
  | 'rename'
  | 'join'
  | 'leave'
  | 'remove'
  | 'mute'
  | 'unmute'
  | 'archive'
  | 'unarchive'
  | 'addMember'
  | 'removeMember'
  | 'report'
  | 'dismissReports'
  | 'handOver'
  | 'upload'
  | 'stopAnswer'
  | 'retryAnswer'
  | 'rateAnswer'
  | 'decideTool'
  | 'actOnPart'
  | 'removePreview'
  | 'attachmentLink'
>;

type Call<T> = (session: BackendSession) => Promise<T> | undefined;

/** What a person asks of the server about a thread: it waits for no connection, and shows once the server has answered. */
export function threadRequests(store: ThreadStore, line: Line, host: ThreadHost): ThreadRequests {
  const { id } = store;
  const change = async (call: Call<Thread>) => host.onThread(await ask(line, call));
  const save = async (call: Call<Message>) => store.onSaved(await ask(line, call));
  return {
    rename: (title) => change((session) => session.renameThread?.(id, title)),
    join: () => change((session) => session.joinThread?.(id)),
    async leave() {
      await ask(line, (session) => session.leaveThread?.(id));
      host.onLeft(id);
    },
    async remove() {
      await ask(line, (session) => session.deleteThread?.(id));
      host.onDeleted(id);
    },
    mute: () => change((session) => session.muteThread?.(id)),
    unmute: () => change((session) => session.unmuteThread?.(id)),
    archive: () => change((session) => session.archiveThread?.(id)),
    unarchive: () => change((session) => session.unarchiveThread?.(id)),
    async handOver(step, reason) {
      await change((session) => session.handOver?.(id, step, reason));
      // Whoever takes one is in it from then on.
      if (store.get().status === 'refused') store.reload();
    },
    async addMember(userId, role = 'member') {
      store.onMember(await ask(line, (session) => session.saveMember?.(id, userId, role)));
    },
    async removeMember(userId) {
      await ask(line, (session) => session.removeMember?.(id, userId));
      store.onMemberRemoved(userId);
    },
    report: (messageId, report) => ask(line, (session) => session.reportMessage?.(id, messageId, report)),
    async dismissReports(messageId) {
      await ask(line, (session) => session.dismissReports?.(id, messageId));
      store.reports.remove(messageId);
    },
    stopAnswer: (messageId) => save((session) => session.stopAnswer?.(id, messageId)),
    retryAnswer: (messageId) => save((session) => session.retryAnswer?.(id, messageId)),
    decideTool: (messageId, decision) => save((session) => session.decideTool?.(id, messageId, decision)),
    actOnPart: (messageId, action) => save((session) => session.actOnPart?.(id, messageId, action)),
    removePreview: (messageId, url) => save((session) => session.removePreview?.(id, messageId, url)),
    rateAnswer: (messageId, rating) => ask(line, (session) => session.rateAnswer?.(id, messageId, rating)),
    attachmentLink: (attachmentId) => ask(line, (session) => session.attachmentLink?.(id, attachmentId)),
    upload: (file, options) => host.upload({ ...options, threadId: id, file }),
  };
}
