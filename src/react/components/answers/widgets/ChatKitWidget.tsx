import { useId, useMemo, useState, type ReactNode } from 'react';
import { ChatError, type DataPart, type Message } from '../../../../protocol/index.ts';
import { useChatContext } from '../../../ChatContext.ts';
import { DEFAULT_LINK_POLICY } from '../../../markdown/link-policy.ts';
import { errorText } from '../../../strings.ts';
import { WidgetComponent } from './WidgetComponent.tsx';
import { WidgetProvider } from './WidgetContext.ts';
import { isNode, type WidgetAction } from './widget-node.ts';

export interface ChatKitWidgetProps {
  part: DataPart;
  message: Message;
  mayAct: boolean;
}

/** A widget of a ChatKit server: its common components, and a note in the place of any other. What is done in it goes back to the server. */
export function ChatKitWidget({ part, message, mayAct }: ChatKitWidgetProps): ReactNode {
  const { client, strings, links } = useChatContext('<MessageItem>');
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<ChatError | null>(null);
  const id = useId();
  const { id: messageId, threadId } = message;
  const isOff = pending || !mayAct || message.answer?.status === 'streaming';
  const context = useMemo(() => {
    const act = async (data: WidgetAction) => {
      setPending(true);
      setError(null);
      try {
        await client?.thread(threadId).actOnPart(messageId, { partId: part.id ?? '', data });
      } catch (thrown) {
        // It can be done once more.
        setError(ChatError.is(thrown) ? thrown : new ChatError('internal', 'The action failed.', { cause: thrown }));
      }
      setPending(false);
    };
    return { id, policy: { ...DEFAULT_LINK_POLICY, ...links }, isOff, act: (data: WidgetAction) => void act(data) };
  }, [client, id, isOff, links, messageId, part.id, threadId]);
  const { widget } = (part.data ?? {}) as { widget?: unknown };
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
