import { useCallback, useRef, useState } from 'react';
import { v7 as uuidv7 } from 'uuid';
import { ChatError, type DataPart, type Message } from '../../../../protocol/index.ts';
import { useChatContext } from '../../../ChatContext.ts';

export interface PartActionProps {
  part: DataPart;
  message: Message;
  mayAct: boolean;
}

interface PartActionResult {
  act: (data: unknown) => void;
  pending: boolean;
  /** Nothing can be done now. */
  isOff: boolean;
  error: ChatError | null;
}

/** Tells the server what the person does to a part of an answer, one thing after the other. */
export function usePartAction({ part, message, mayAct }: PartActionProps): PartActionResult {
  const { client } = useChatContext('<MessageItem>');
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<ChatError | null>(null);
  const { id: messageId, threadId } = message;
  const partId = part.id ?? '';
  /** What was done and may not have been heard: done once more, it is the same act. */
  const unheard = useRef<{ json: string; actionId: string } | null>(null);
  const act = useCallback(
    async (data: unknown) => {
      setPending(true);
      setError(null);
      const json = JSON.stringify(data);
      const { actionId } = unheard.current?.json === json ? unheard.current : { actionId: uuidv7() };
      unheard.current = { json, actionId };
      try {
        await client?.thread(threadId).actOnPart(messageId, { partId, data, actionId });
        unheard.current = null;
      } catch (thrown) {
        // It can be done once more.
        setError(ChatError.is(thrown) ? thrown : new ChatError('internal', 'The action failed.', { cause: thrown }));
      }
      setPending(false);
    },
    [client, messageId, partId, threadId],
  );
  const isOff = pending || !mayAct || message.answer?.status === 'streaming';
  return { act: useCallback((data) => void act(data), [act]), pending, isOff, error };
}
