import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport, lastAssistantMessageIsCompleteWithApprovalResponses, type UIMessage } from 'ai7';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';

/** What an app asks for before each request. */
async function authorization(): Promise<Record<string, string>> {
  const response = await fetch('/chat/token', { method: 'POST', headers: { 'x-latchkit': '1' } });
  const { token } = (await response.json()) as { token: string };
  return { authorization: `Bearer ${token}` };
}

const transport = new DefaultChatTransport({ api: '/chat/ai', headers: authorization });

function Chat({ before }: { before: UIMessage[] }) {
  const { messages, sendMessage, status, regenerate, addToolApprovalResponse, error } = useChat({
    id: 'general',
    messages: before,
    transport,
    resume: true,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
  });
  const [text, setText] = useState('');
  return (
    <>
      <output>{status}</output>
      {error && <p role="alert">{error.message}</p>}
      <ol>
        {messages.map(({ id, role, parts }) => (
          <li key={id} data-role={role}>
            {parts.map((part, index) => {
              if (part.type === 'text') return <span key={index}>{part.text}</span>;
              if (part.type !== 'tool-pay') return null;
              const call = part as { state: string; approval?: { id: string } };
              return (
                <span key={index}>
                  [pay {call.state}]
                  {call.state === 'approval-requested' && (
                    <button onClick={() => void addToolApprovalResponse({ id: call.approval!.id, approved: true })}>
                      Allow
                    </button>
                  )}
                </span>
              );
            })}
          </li>
        ))}
      </ol>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void sendMessage({ text });
          setText('');
        }}
      >
        <input aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} />
      </form>
      <button onClick={() => void regenerate()}>Again</button>
    </>
  );
}

const response = await fetch('/chat/ai/general/messages', { headers: await authorization() });
createRoot(document.getElementById('root')!).render(<Chat before={(await response.json()) as UIMessage[]} />);
