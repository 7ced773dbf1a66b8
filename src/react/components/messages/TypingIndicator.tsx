import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useTyping } from '../../hooks/useTyping.ts';
import { Root, useRoot } from '../parts/useRoot.tsx';
import type { TypingIndicatorProps } from '../types.ts';

/** Most people who are named. */
const MOST_NAMED = 2;
/** Spoken only of what lasts, and the same not again for a while: people stop and go on all the time. */
const SPEAK_AFTER_MS = 1_000;
const SPEAK_AGAIN_MS = 30_000;

/** Who writes at this moment. Its room is always there, so that nothing moves when it comes and goes. `data-typing` says whether anybody does. */
export function TypingIndicator({ threadId, className }: TypingIndicatorProps): ReactNode {
  const { client, strings } = useChatContext('<TypingIndicator>');
  const { users } = useTyping(threadId);
  const root = useRoot('lk-typing', className);
  const names = users.length > MOST_NAMED ? [] : users.map(({ id, name }) => name || id);
  const text = users.length > 0 ? strings.typing(names) : '';
  const spoken = useSpoken(text);
  if (client?.can('sendTyping') === false) return null;
  return (
    <div {...root} data-typing={text !== ''}>
      <Root>
        {text !== '' && (
          <>
            <span className="lk-typing-dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            <span className="lk-typing-text" aria-hidden="true">
              {text}
            </span>
          </>
        )}
        <span className="lk-hidden" role="status">
          {spoken}
        </span>
      </Root>
    </div>
  );
}

/** What a screen reader is to say of it. */
function useSpoken(text: string): string {
  const [spoken, setSpoken] = useState('');
  const last = useRef({ text: '', at: -Infinity });
  useEffect(() => {
    if (text === '') return undefined;
    const timer = setTimeout(() => {
      const now = performance.now();
      if (text === last.current.text && now - last.current.at < SPEAK_AGAIN_MS) return;
      last.current = { text, at: now };
      setSpoken(text);
    }, SPEAK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setSpoken('');
    };
  }, [text]);
  return spoken;
}
