import type { ChatBackend } from '../../src/client/index.ts';
import type { Message } from '../../src/protocol/index.ts';
import type { ClientCounts } from './types.ts';

/** What went over the line, told apart from what the client makes of it. */
export interface Recording {
  acknowledged: Map<string, number>;
  changed: Map<string, number>;
  counts: ClientCounts;
}

export function newRecording(): Recording {
  return {
    acknowledged: new Map(),
    changed: new Map(),
    counts: { connections: 0, reconnects: 0, resumes: 0, resumesWithGap: 0, changes: 0 },
  };
}

/** A backend that writes down what the server answers, over whatever transport. */
export function recordingBackend(inner: ChatBackend, recording: Recording): ChatBackend {
  const { acknowledged, changed, counts } = recording;
  const keep = (message: Message) => {
    counts.changes += 1;
    changed.set(message.id, Math.max(message.version, changed.get(message.id) ?? 0));
    return message;
  };
  return {
    open(context) {
      const session = inner.open({
        ...context,
        onState(state) {
          if (state.status === 'connected') counts.connections += 1;
          context.onState(state);
        },
        onEvent(event) {
          if (event.type === 'reconnected') counts.reconnects += 1;
          context.onEvent(event);
        },
      });
      return {
        ...session,
        async openThread(threadId, options) {
          const page = await session.openThread(threadId, options);
          if (options?.afterSeq !== undefined) counts.resumes += 1;
          if (page.gap) counts.resumesWithGap += 1;
          return page;
        },
        async sendMessage(message) {
          const stored = await session.sendMessage(message);
          acknowledged.set(stored.id, stored.seq);
          return stored;
        },
        editMessage: async (message) => keep(await session.editMessage!(message)),
        deleteMessage: async (threadId, id) => keep(await session.deleteMessage!(threadId, id)),
        addReaction: async (threadId, id, emoji) => keep(await session.addReaction!(threadId, id, emoji)),
        removeReaction: async (threadId, id, emoji) => keep(await session.removeReaction!(threadId, id, emoji)),
      };
    },
  };
}
