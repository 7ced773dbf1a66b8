// The page of token-page.test.ts: a chat and others that use its token, in StrictMode, with everything in reach of the test.
import { dehydrate, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ChatProvider, ChatWindow, useChatConnection, useChatToken } from 'latchkit';
import 'latchkit/styles.css';
import { StrictMode, Suspense, use, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

const userId = new URLSearchParams(location.search).get('user');
const queryClient = new QueryClient();

const pauses = new Map<number, Promise<void>>();
function pause(turn: number): Promise<void> {
  let found = pauses.get(turn);
  if (!found) pauses.set(turn, (found = new Promise((resolve) => setTimeout(resolve, 2))));
  return found;
}

function Reader({ id }: { id: string }) {
  const { status, token, claims, renewals } = useChatToken();
  const connection = useChatConnection();
  useEffect(() => {
    // As an app does that looks for a mistake.
    if (token) console.log('the token', token, { token }, String(token));
  }, [token]);
  return (
    <p data-testid={id} data-status={status} data-renewals={renewals} data-connection={connection.status}>
      {`${status} ${claims?.sub ?? 'nobody'}`}
    </p>
  );
}

/** Asks for both kinds of token, and then suspends: what it held in its first render is thrown away. */
function Suspending({ turn }: { turn: number }) {
  const provided = useChatToken();
  const own = useChatToken({ url: '/chat', userId: userId ?? '', scope: 'storm' });
  use(pause(turn));
  return <p data-testid="storm" data-turn={turn}>{`${provided.status} ${own.status}`}</p>;
}

function Storm() {
  const [turn, setTurn] = useState(0);
  const { getToken } = useChatToken();
  useEffect(() => {
    window.page = {
      queryClient,
      dehydrate: () => JSON.stringify(dehydrate(queryClient, { shouldDehydrateQuery: () => true })),
      showStorm: setTurn,
      async useToken() {
        const token = await getToken();
        const answer = await fetch('/app/check', { headers: { authorization: `Bearer ${token.raw()}` } });
        return answer.status;
      },
    };
  }, [getToken]);
  if (turn === 0) return null;
  return (
    <Suspense fallback={<p>…</p>}>
      <Suspending key={turn} turn={turn} />
    </Suspense>
  );
}

declare global {
  interface Window {
    page: {
      queryClient: QueryClient;
      /** What a persister would write. */
      dehydrate(): string;
      /** Mounts another one of the components that suspend, in place of the last. */
      showStorm(turn: number): void;
      /** Calls the app's own server with the token. @returns the HTTP status */
      useToken(): Promise<number>;
    };
    /** A place for the test’s own use of the token. */
    firstUse?: Promise<number>;
    /** When a timer of the test's own ran, ms. */
    ticks?: number[];
  }
}

const place = document.getElementById('root');
if (!place) throw new Error('The page has no #root.');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <ChatProvider userId={userId}>
        <ChatWindow threadId="general" />
        <Reader id="first" />
        <Reader id="second" />
        <Storm />
      </ChatProvider>
    </QueryClientProvider>
  </StrictMode>,
);
