import { ChatError, type Handover } from '../../../protocol/index.ts';
import { errorText, type ChatStrings } from '../../strings.ts';

/** Why a thread was not handed over. Somebody who was slower is told who has it. */
export function refusalText(error: unknown, handover: Handover | undefined, strings: ChatStrings): string {
  if (!ChatError.is(error)) return strings.errorFallback;
  if (error.code === 'handover_taken') return strings.handoverLost(handover?.agent?.name ?? null);
  const { what, remedy } = errorText(strings, error);
  return `${what} ${remedy}`;
}
