import { editingOf } from '../editing.ts';
import { usePerClient } from './usePerClient.ts';

/** What `select` makes of the id of the message that is being edited in a place. */
export function useEditing<T>(place: string, select: (messageId: string | null) => T): T {
  return usePerClient(editingOf, place, select);
}
