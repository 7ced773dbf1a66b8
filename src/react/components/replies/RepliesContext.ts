import { createContext, useContext } from 'react';

/** What a panel of replies gives the messages in it. */
export interface RepliesContextValue {
  /** The message that the replies begin with. */
  rootId: string;
  /** Goes to a message of the panel; false where it is not there. */
  show: (messageId: string) => boolean;
}

const RepliesContext = /* @__PURE__ */ createContext<RepliesContextValue | null>(null);

export const RepliesProvider = RepliesContext.Provider;

/** Null in the thread's own list. */
export function useRepliesContext(): RepliesContextValue | null {
  return useContext(RepliesContext);
}
