import type { ReactNode } from 'react';
import type { ChatError } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { errorText } from '../../strings.ts';

/** Why something was refused, read out as it comes. */
export function Refusal({ error }: { error: ChatError | null }): ReactNode {
  const { strings } = useChatContext('<Refusal>');
  if (!error) return null;
  const { what, remedy } = errorText(strings, error);
  return (
    <p className="lk-dialog-error" role="alert">
      {what} {remedy}
    </p>
  );
}
