import RefreshCw from 'lucide/dist/esm/icons/refresh-cw.mjs';
import { useState, type ReactNode, type RefObject } from 'react';
import type { Message, Rating } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useMayRetry } from './useMayRetry.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { AnswerRating } from './AnswerRating.tsx';
import { ReadAloud } from './ReadAloud.tsx';

interface AnswerActionsProps {
  message: Message;
  mayAct: boolean;
  /** Where the answer stands in the page. */
  shown: RefObject<HTMLElement | null>;
}

/** What one can do with an answer that has ended. */
export function AnswerActions({ message, mayAct, shown }: AnswerActionsProps): ReactNode {
  const { client, strings } = useChatContext('<MessageItem>');
  const { id, threadId, answer } = message;
  const thread = client?.thread(threadId);
  const [rating, setRating] = useState<Rating | null>(null);
  const [isAsked, setIsAsked] = useState(false);
  const mayRetry = useMayRetry(threadId) && mayAct && client?.can('retryAnswer') === true;
  const mayRate = client?.can('rateAnswer') === true;
  // What they said before is asked for when they come near, and once: most answers are read and passed by.
  const ask = () => {
    if (isAsked || !mayRate) return;
    setIsAsked(true);
    thread?.rateAnswer(id).then(
      (before) => setRating((now) => now ?? before),
      () => setIsAsked(false),
    );
  };
  const retry = () => void thread?.retryAnswer(id).catch(() => {}); // What goes wrong shows on the answer.
  return (
    <div className="lk-answer-actions" onPointerEnter={ask} onFocus={ask}>
      {mayRate && (
        <AnswerRating
          rating={rating}
          onRate={(next) => {
            const before = rating;
            setRating(next);
            return thread?.rateAnswer(id, next).catch((error: unknown) => {
              setRating(before);
              throw error;
            });
          }}
        />
      )}
      <ReadAloud of={shown} />
      {mayRetry && answer?.status === 'done' && (
        <IconButton icon={RefreshCw} label={strings.answerAgain} onClick={retry} />
      )}
    </div>
  );
}
