import type { Thread } from '../../../../protocol/index.ts';

export interface ThreadDialogProps {
  thread: Thread;
  onClose: () => void;
  /** The person has left the conversation, or deleted it. */
  onLeft: () => void;
}
