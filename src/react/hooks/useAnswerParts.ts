import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Readable } from '../../client/index.ts';
import type { Message, MessagePart } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';

type Parts = readonly MessagePart[];

/**
 * What a message says. While it grows, anew only for more than further words: those are for {@link useGrowingText}, so that of a whole
 * answer only the text that grows is rendered with each frame.
 */
export function useAnswerParts(message: Message): Parts {
  const readable = useGrowing(message);
  const { parts } = message;
  const get = useMemo(() => (readable ? withoutFurtherWords(readable) : () => parts), [readable, parts]);
  return useSyncExternalStore(useSubscribe(readable), get, get);
}

/**
 * The text of a part as it grows, at most once per frame of the screen; null for one that does not.
 *
 * @param write shows the text without a render, if it can; the same function each time
 */
export function useGrowingText(
  message: Message,
  index: number,
  growing: boolean,
  write: (text: string) => boolean,
): string | null {
  const answer = useGrowing(message);
  const readable = growing ? answer : null;
  const get = useCallback(() => {
    const part = readable?.get()[index];
    return part?.type === 'text' || part?.type === 'reasoning' ? part.text : null;
  }, [readable, index]);
  const subscribe = useSubscribe(readable);
  const subscribeUnwritten = useCallback(
    (listener: () => void) =>
      subscribe(() => {
        const text = get();
        if (text === null || !write(text)) listener();
      }),
    [subscribe, get, write],
  );
  return useSyncExternalStore(subscribeUnwritten, get, get);
}

function useGrowing({ id, threadId, answer }: Message): Readable<Parts> | null {
  const { client } = useChatContext('<MessageItem>');
  return client && answer?.status === 'streaming' ? client.thread(threadId).answerParts(id) : null;
}

function useSubscribe(readable: Readable<Parts> | null): (listener: () => void) => () => void {
  return useCallback((listener: () => void) => readable?.subscribe(listener) ?? (() => {}), [readable]);
}

function withoutFurtherWords(readable: Readable<Parts>): () => Parts {
  let shown = readable.get();
  return () => {
    const now = readable.get();
    if (now.length !== shown.length || !now.every((part, index) => hasOnlyGrown(part, shown[index]!))) shown = now;
    return shown;
  };
}

function hasOnlyGrown(part: MessagePart, before: MessagePart): boolean {
  if (part === before) return true;
  if (part.type !== 'text' && part.type !== 'reasoning') return false;
  return part.type === before.type && part.state === 'streaming' && before.state === 'streaming' && before.text !== '';
}
