import Flag from 'lucide/dist/esm/icons/flag.mjs';
import { useCallback, useState, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useReports } from '../../hooks/useReports.ts';
import { Icon } from '../parts/Icon.tsx';
import { ReportedDialog } from './ReportedDialog.tsx';

/** Says how many messages there are to decide on, and opens them; not there while there are none. */
export function ReportsButton({ threadId }: { threadId: string }): ReactNode {
  const { strings } = useChatContext('<ReportsButton>');
  const { reported } = useReports(threadId);
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const label = strings.reportedCount(reported.length);
  return (
    <>
      {(reported.length > 0 || open) && (
        <button
          type="button"
          className="lk-icon-button lk-reports-button"
          aria-haspopup="dialog"
          aria-label={label}
          title={label}
          onClick={() => setOpen(true)}
        >
          <Icon of={Flag} size={18} />
          <span aria-hidden="true">{reported.length}</span>
        </button>
      )}
      {open && <ReportedDialog threadId={threadId} onClose={close} />}
    </>
  );
}
