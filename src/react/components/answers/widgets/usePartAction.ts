import { useCallback, useState } from 'react';
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
  const act = useCallback(
    async (data: unknown) => {
      setPending(true);
      setError(null);
      try {
        await client?.thread(threadId).actOnPart(messageId, { partId, data });
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
