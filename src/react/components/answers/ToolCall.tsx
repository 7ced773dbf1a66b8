import { useId, useState, type ReactNode } from 'react';
import type { DynamicToolPart, Message, ToolPart } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';

interface ToolCallProps {
  part: ToolPart | DynamicToolPart;
  message: Message;
  mayAct: boolean;
  streaming: boolean;
}

/** What a tool was asked and gave. `data-state` is the part's. */
export function ToolCall({ part, message, mayAct, streaming }: ToolCallProps): ReactNode {
  const { strings } = useChatContext('<MessageItem>');
  const { state, input, output, errorText } = part;
  const name = part.title ?? (part.type === 'dynamic-tool' ? part.toolName : part.type.slice('tool-'.length));
  const words = {
    'input-streaming': strings.toolRunning,
    'input-available': strings.toolRunning,
    'approval-requested': strings.toolAsks,
    'approval-responded': part.approval?.approved === false ? strings.toolDenied : strings.toolRunning,
    'output-available': strings.toolDone,
    'output-error': strings.toolFailed,
    'output-denied': strings.toolDenied,
  }[state];
  return (
    <div className="lk-tool" data-state={state} data-running={streaming && words === strings.toolRunning}>
      <details>
        <summary>{words(name)}</summary>
        {input !== undefined && <Json label={strings.toolInput} value={input} />}
        {output !== undefined && <Json label={strings.toolOutput} value={output} />}
        {errorText !== undefined && <p className="lk-tool-error">{errorText}</p>}
      </details>
      {state === 'approval-requested' && !streaming && mayAct && part.approval && (
        <Decision message={message} approvalId={part.approval.id} input={input} />
      )}
    </div>
  );
}

function Json({ label, value }: { label: string; value: unknown }): ReactNode {
  return (
    <figure className="lk-tool-json">
      <figcaption>{label}</figcaption>
      {/* Scrolls, and so can be reached by the keyboard. */}
      <pre dir="ltr" tabIndex={0}>
        {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
      </pre>
    </figure>
  );
}

function Decision({ message, approvalId, input }: { message: Message; approvalId: string; input: unknown }): ReactNode {
  const { client, strings } = useChatContext('<MessageItem>');
  const [reason, setReason] = useState('');
  const [pending, setPending] = useState(false);
  const id = useId();
  const decide = (approved: boolean) => {
    setPending(true);
    const decision = { approvalId, approved, ...(reason.trim() !== '' && { reason: reason.trim() }) };
    // Refused or lost, it can be said again.
    client
      ?.thread(message.threadId)
      .decideTool(message.id, decision)
      .catch(() => setPending(false));
  };
  return (
    <div className="lk-tool-decision">
      {input !== undefined && <Json label={strings.toolInput} value={input} />}
      <label className="lk-hidden" htmlFor={id}>
        {strings.denyReason}
      </label>
      <input
        id={id}
        value={reason}
        maxLength={1_000}
        placeholder={strings.denyReason}
        onChange={(event) => setReason(event.target.value)}
      />
      <button type="button" className="lk-button" disabled={pending} onClick={() => decide(false)}>
        {strings.deny}
      </button>
      <button type="button" className="lk-button" data-primary="true" disabled={pending} onClick={() => decide(true)}>
        {strings.approve}
      </button>
    </div>
  );
}
