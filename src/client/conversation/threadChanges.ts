import type { Outbox } from './Outbox.ts';
import { draftParts } from './OutboxItem.ts';
import type { OutboxItem, OutboxTask } from './OutboxItem.ts';
import type { ThreadStore } from './ThreadStore.ts';
import type { ThreadHandle } from './types.ts';

export type ThreadChanges = Pick<
  ThreadHandle,
  'edit' | 'delete' | 'react' | 'unreact' | 'pin' | 'unpin' | 'retry' | 'discard'
>;

/** What a person does to a message that is there: the outbox has it done, so it shows at once and waits while offline. */
export function threadChanges(store: ThreadStore, outbox: Outbox): ThreadChanges {
  const failed = (messageId: string): OutboxItem[] =>
    outbox.itemsOf(store.id).filter((item) => item.messageId === messageId && item.error !== null);
  return {
    edit(messageId, content) {
      const parts = draftParts(content);
      const [refused] = failed(messageId);
      const task: OutboxTask = refused?.task.type === 'send' ? { ...refused.task, parts } : { type: 'edit', parts };
      // What was refused and not changed since is replaced, and asked for again.
      if (refused && refused.task.type !== 'delete') outbox.retry({ ...refused, task });
      else store.put(messageId, task);
    },
    delete(messageId) {
      const refused = failed(messageId);
      for (const item of refused) outbox.remove(item);
      if (!refused.some(({ task }) => task.type === 'send')) store.put(messageId, { type: 'delete' });
    },
    react: (messageId, emoji) => store.put(messageId, { type: 'react', emoji }),
    unreact: (messageId, emoji) => store.put(messageId, { type: 'unreact', emoji }),
    pin: (messageId) => store.put(messageId, { type: 'pin' }),
    unpin: (messageId) => store.put(messageId, { type: 'unpin' }),
    retry(messageId) {
      for (const item of failed(messageId)) outbox.retry(item);
    },
    discard(messageId) {
      for (const item of failed(messageId)) outbox.remove(item);
    },
  };
}
