import Bot from 'lucide/dist/esm/icons/bot.mjs';
import Clock from 'lucide/dist/esm/icons/clock.mjs';
import UserRound from 'lucide/dist/esm/icons/user-round.mjs';
import { useRef, useState, type ReactNode } from 'react';
import type { Handover } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useHandover } from '../../hooks/useHandover.ts';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import type { ChatStrings } from '../../strings.ts';
import { Icon } from '../parts/Icon.tsx';
import { refusalText } from './refusal-text.ts';

const ICONS = { assistant: Bot, waiting: Clock, person: UserRound };

/** Who answers, and what the person can do about it. */
export function HandoverBar({ threadId }: { threadId: string }): ReactNode {
  const { strings, userId } = useChatContext('<ChatWindow>');
  const { handover, can, request, cancel, take, handBack } = useHandover(threadId);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ error: unknown } | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  const pressed = useRef(false);
  // What was pressed makes room for something else: the focus stays here.
  useIsomorphicLayoutEffect(() => {
    if (busy || !pressed.current) return;
    pressed.current = false;
    const { activeElement } = document;
    if (activeElement !== null && activeElement !== document.body) return;
    (bar.current?.querySelector('button') ?? bar.current)?.focus();
  }, [busy, handover?.version]);
  if (!handover) return null;

  const run = (step: () => Promise<void>) => () => {
    if (busy) return;
    pressed.current = true;
    setBusy(true);
    setRefused(null);
    step()
      .catch((error: unknown) => setRefused({ error }))
      .finally(() => setBusy(false));
  };
  const button = (label: string, step: () => Promise<void>) => (
    <button type="button" className="lk-link" aria-disabled={busy} onClick={run(step)}>
      {label}
    </button>
  );
  return (
    <div ref={bar} className="lk-handover-bar" role="group" aria-label={strings.handoverLabel} tabIndex={-1}>
      <Icon of={ICONS[handover.state]} size={15} />
      <span className="lk-handover-text">{textOf(handover, userId, strings)}</span>
      {can.request && button(strings.handoverRequest, () => request())}
      {can.take && button(strings.handoverTake, take)}
      {can.cancel && button(strings.cancel, cancel)}
      {can.handBack && button(strings.handoverReturn, handBack)}
      {refused && (
        <p className="lk-handover-error" role="alert">
          {refusalText(refused.error, handover, strings)}
        </p>
      )}
    </div>
  );
}

function textOf({ state, askedBy, agent }: Handover, readerId: string | null, strings: ChatStrings): string {
  switch (state) {
    case 'assistant':
      return strings.handoverAssistant;
    case 'waiting':
      return !askedBy || askedBy.id === readerId
        ? strings.handoverWaiting
        : strings.handoverWaitingFor(askedBy.name || askedBy.id);
    case 'person':
      return strings.handoverPerson(agent?.id === readerId ? null : agent?.name || agent?.id || '');
  }
}
