import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { AgentInbox, ChatProvider, ChatWindow } from 'latchkit';
import { getMe, signOut, type Me } from './api.ts';
import { ConnectionPanel } from './ConnectionPanel.tsx';
import { SignIn } from './SignIn.tsx';
import { ThemeSwitch, useTheme } from './ThemeSwitch.tsx';

export function App() {
  const me = useQuery({ queryKey: ['me'], queryFn: getMe, refetchOnWindowFocus: false });
  if (me.isPending) return null;
  if (me.isError) return <p className="demo-problem">The demo server does not answer. Is `npm run demo` running?</p>;
  return me.data ? <Chat me={me.data} /> : <SignIn />;
}

function Chat({ me }: { me: Me }) {
  const [threadId, setThreadId] = useState('general');
  const [theme, setTheme] = useTheme();
  const queries = useQueryClient();
  const leave = useMutation({ mutationFn: signOut, onSuccess: () => queries.setQueryData(['me'], null) });

  return (
    <ChatProvider url="/chat" userId={me.id} theme={theme}>
      <div className="demo" data-theme={theme}>
        <header className="demo-bar">
          <strong className="demo-brand">LatchKit</strong>
          <ConnectionPanel />
          <div className="demo-me">
            <span className="demo-name">{me.name}</span>
            <ThemeSwitch theme={theme} onChange={setTheme} />
            <button type="button" className="demo-quiet" onClick={() => leave.mutate()}>
              Sign out
            </button>
          </div>
        </header>
        <main className="demo-window" data-agent={me.isAgent}>
          {me.isAgent && <AgentInbox selectedId={threadId} onSelect={setThreadId} />}
          <ChatWindow threadId={threadId} onThreadChange={setThreadId} showThreads />
        </main>
      </div>
    </ChatProvider>
  );
}
