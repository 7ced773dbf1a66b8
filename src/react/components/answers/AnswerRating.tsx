import ThumbsDown from 'lucide/dist/esm/icons/thumbs-down.mjs';
import ThumbsUp from 'lucide/dist/esm/icons/thumbs-up.mjs';
import { useRef, useState, type ReactNode } from 'react';
import { ChatError, MAX_REASON_LENGTH, type Rating } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { errorText } from '../../strings.ts';
import { IconButton } from '../parts/IconButton.tsx';

interface AnswerRatingProps {
  /** What they think of it; null while that is not known. */
  rating: Rating | null;
  onRate: (rating: Rating) => Promise<unknown> | undefined;
}

/** A thumb up or down, and why it is down, if one likes to say. A press on the same one takes it back. */
export function AnswerRating({ rating, onRate }: AnswerRatingProps): ReactNode {
  const { strings } = useChatContext('<MessageItem>');
  const [why, setWhy] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const down = useRef<HTMLButtonElement>(null);
  const value = rating?.value ?? null;

  const rate = (next: Rating, thanks: string) => {
    setNote('');
    onRate(next)?.then(
      () => setNote(thanks),
      (error: unknown) => setNote(ChatError.is(error) ? errorText(strings, error).what : strings.answerFailed),
    );
  };
  const press = (pressed: 'good' | 'bad') => {
    const next = value === pressed ? null : pressed;
    rate({ value: next, reason: null }, '');
    setWhy(next === 'bad' ? '' : null);
  };
  const close = () => {
    setWhy(null);
    down.current?.focus({ preventScroll: true });
  };
  return (
    <>
      <IconButton
        icon={ThumbsUp}
        label={strings.answerGood}
        aria-pressed={value === 'good'}
        onClick={() => press('good')}
      />
      <IconButton
        icon={ThumbsDown}
        label={strings.answerBad}
        buttonRef={down}
        aria-pressed={value === 'bad'}
        onClick={() => press('bad')}
      />
      <span className="lk-answer-note" role="status">
        {note}
      </span>
      {why !== null && (
        <form
          className="lk-answer-why"
          onSubmit={(event) => {
            event.preventDefault();
            if (why.trim() !== '') rate({ value: 'bad', reason: why.trim() }, strings.answerThanks);
            close();
          }}
          onKeyDown={(event) => {
            event.stopPropagation(); // The list moves by the same keys.
            if (event.key === 'Escape') close();
          }}
        >
          <label>
            {strings.answerWhyBad}
            <input
              type="text"
              className="lk-answer-reason"
              value={why}
              maxLength={MAX_REASON_LENGTH}
              onChange={(event) => setWhy(event.target.value)}
              autoFocus
              dir="auto"
            />
          </label>
          <button type="button" className="lk-link" onClick={close}>
            {strings.cancel}
          </button>
          <button type="submit" className="lk-link" data-primary="true">
            {strings.send}
          </button>
        </form>
      )}
    </>
  );
}
