import { useId, useMemo, type ReactNode } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { DEFAULT_LINK_POLICY } from '../../../markdown/link-policy.ts';
import { errorText } from '../../../strings.ts';
import { usePartAction, type PartActionProps } from './usePartAction.ts';
import { WidgetComponent } from './WidgetComponent.tsx';
import { WidgetProvider } from './WidgetContext.ts';
import { isNode } from './widget-node.ts';

/** A widget of a ChatKit server: its common components, and a note in the place of any other. What is done in it goes back to the server. */
export function ChatKitWidget(props: PartActionProps): ReactNode {
  const { strings, links } = useChatContext('<MessageItem>');
  const { act, pending, isOff, error } = usePartAction(props);
  const id = useId();
  const context = useMemo(
    () => ({ id, policy: { ...DEFAULT_LINK_POLICY, ...links }, isOff, act }),
    [act, id, isOff, links],
  );
  const { widget } = (props.part.data ?? {}) as { widget?: unknown };
  return (
    <div className="lk-widget" aria-busy={pending}>
      <WidgetProvider value={context}>
        {isNode(widget) ? <WidgetComponent node={widget} /> : <p className="lk-widget-note">{strings.widgetUnknown}</p>}
      </WidgetProvider>
      {error && (
        <p className="lk-widget-error" role="alert">
          {errorText(strings, error).what}
        </p>
      )}
    </div>
  );
}
