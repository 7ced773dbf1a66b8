import type { ReactNode } from 'react';

export interface NoticeProps {
  /** `empty`, `refused`, `error`: for styling. */
  kind: 'empty' | 'refused' | 'error';
  icon: ReactNode;
  title: string;
  hint?: string;
  /** Text of the button; none without {@link onAction}. */
  action?: string;
  onAction?: () => void;
}

/** Stands where content would: why there is none, and what to do about it. */
export function Notice({ kind, icon, title, hint, action, onAction }: NoticeProps): ReactNode {
  return (
    <div className="lk-notice" data-kind={kind} role={kind === 'empty' ? undefined : 'alert'}>
      <span className="lk-notice-icon" aria-hidden="true">
        {icon}
      </span>
      <p className="lk-notice-title">{title}</p>
      {hint && <p className="lk-notice-hint">{hint}</p>}
      {action && onAction && (
        <button type="button" className="lk-button" onClick={onAction}>
          {action}
        </button>
      )}
    </div>
  );
}
