import { useState, type ReactNode } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { layoutOf } from './widget-layout.ts';
import { WidgetStatus } from './WidgetStatus.tsx';
import { useWidget } from './WidgetContext.ts';
import { actionOf, childrenOf, hasControls, type WidgetNode } from './widget-node.ts';

/** A list; where it has a limit, what is beyond it waits for a press. */
export function WidgetList({ node, items }: { node: WidgetNode; items: readonly ReactNode[] }): ReactNode {
  const { strings } = useChatContext('<MessageItem>');
  const [isOpen, setIsOpen] = useState(false);
  const limit = typeof node.limit === 'number' && node.limit >= 1 && !isOpen ? Math.floor(node.limit) : Infinity;
  return (
    <>
      <WidgetStatus status={node.status} />
      <ul className="lk-widget-list">{items.slice(0, limit)}</ul>
      {items.length > limit && (
        <button type="button" className="lk-link" onClick={() => setIsOpen(true)}>
          {strings.widgetMore}
        </button>
      )}
    </>
  );
}

export function WidgetListItem({ node, children }: { node: WidgetNode; children: ReactNode }): ReactNode {
  const { act, isOff } = useWidget();
  const action = actionOf(node.onClickAction);
  const style = layoutOf(node);
  return (
    <li>
      {action && !childrenOf(node).some(hasControls) ? (
        <button type="button" className="lk-widget-row" style={style} disabled={isOff} onClick={() => act(action)}>
          {children}
        </button>
      ) : (
        <div className="lk-widget-row" style={style}>
          {children}
        </div>
      )}
    </li>
  );
}
