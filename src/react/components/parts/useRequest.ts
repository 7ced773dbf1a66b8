import { useRef, useState } from 'react';
import { ChatError } from '../../../protocol/index.ts';

/** One thing at a time that is asked of the server from a dialog; why it was refused stays to be read until the next. */
export function useRequest() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ChatError | null>(null);
  // A second press may come before the first one shows.
  const underWay = useRef(false);
  const run = async (work: () => Promise<void>): Promise<void> => {
    if (underWay.current) return;
    underWay.current = true;
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (thrown) {
      setError(ChatError.is(thrown) ? thrown : new ChatError('internal', String(thrown)));
    } finally {
      underWay.current = false;
      setBusy(false);
    }
  };
  return { busy, error, run };
}
