import ChevronLeft from 'lucide/dist/esm/icons/chevron-left.mjs';
import ChevronRight from 'lucide/dist/esm/icons/chevron-right.mjs';
import type { ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { numberIn } from '../../strings/forms.ts';
import { IconButton } from '../parts/IconButton.tsx';

interface AttemptPagerProps {
  /** Which attempt is shown, from 0 on. */
  at: number;
  count: number;
  onGo: (at: number) => void;
}

/** Leads through the attempts at an answer, for oneself alone. */
export function AttemptPager({ at, count, onGo }: AttemptPagerProps): ReactNode {
  const { strings, locale } = useChatContext('<MessageItem>');
  const [isFirst, isLast] = [at === 0, at === count - 1];
  return (
    <div className="lk-attempts" role="group" aria-label={strings.answerAttempts}>
      <IconButton
        icon={ChevronLeft}
        label={strings.answerPrevious}
        // Not `disabled`: whoever got here by keyboard would lose the focus.
        aria-disabled={isFirst}
        onClick={() => !isFirst && onGo(at - 1)}
      />
      <span className="lk-attempt-number" role="status">
        {strings.answerAttempt(numberIn(locale, at + 1), numberIn(locale, count))}
      </span>
      <IconButton
        icon={ChevronRight}
        label={strings.answerNext}
        aria-disabled={isLast}
        onClick={() => !isLast && onGo(at + 1)}
      />
    </div>
  );
}
