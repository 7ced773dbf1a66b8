import { useEffect } from 'react';
import type { MessageEntries } from '../../../client/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { whenIdle } from '../../when-idle.ts';
import { menuPart, preloadAnswers } from './lazy-parts.ts';
import { rowsPart } from './lazy-rows.ts';

/** As many of the newest messages tell whether a thread has answers. */
const LOOKED_AT = 20;

/**
 * Fetches what a list of messages needs next: what lays it out while its messages are on their way, and the rest when the page is idle,
 * so that it is there when somebody does something, and when the network is gone. What shows answers is for threads that are to have some.
 */
export function useExtras(entries: MessageEntries): void {
  // With the first render, as what a page needs next is asked for in one (`preload` of react-dom): an effect runs only once all around
  // the list is in the page.
  if (typeof document !== 'undefined') rowsPart.preload();
  const preloadRest = menuPart.usePreload();
  useEffect(() => whenIdle(preloadRest), [preloadRest]);
  const { client } = useChatContext('<MessageList>');
  const areExpected =
    client?.expectsAnswers === true || entries.messages.slice(-LOOKED_AT).some(({ answer }) => answer);
  useEffect(() => (areExpected ? whenIdle(preloadAnswers) : undefined), [areExpected]);
}
