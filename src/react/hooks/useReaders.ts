import { useMemo } from 'react';
import type { Readable, ThreadHandle } from '../../client/index.ts';
import type { Message, Receipt } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { useReadable } from './useReadable.ts';

const NOBODY: readonly Receipt[] = [];

/** The others who have read up to a message: the same list until somebody joins it, so that a row renders for nothing else. */
function readersOf({ receipts }: ThreadHandle, { seq, author }: Message): Readable<readonly Receipt[]> {
  let readers = NOBODY;
  return {
    get() {
      const now = receipts.get().receipts.filter(({ readSeq, user }) => readSeq >= seq && user.id !== author.id);
      if (now.length !== readers.length || now.some(({ user }, at) => user.id !== readers[at]?.user.id)) readers = now;
      return readers;
    },
    subscribe: (listener) => receipts.subscribe(listener),
  };
}

/** Who has read a message. @param asked false: nobody wants to know, and nothing is asked for */
export function useReaders(message: Message, asked: boolean): readonly Receipt[] {
  const { client } = useChatContext('<MessageItem>');
  const { threadId, seq } = message;
  const readers = useMemo(
    () => (client && asked ? readersOf(client.thread(threadId), message) : null),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- not the message itself: an edit of it is read by nobody anew
    [client, threadId, seq, asked],
  );
  return useReadable(readers, NOBODY, NOBODY);
}
