import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ChatProvider, ChatWindow, useChatToken, type FetchToken } from 'latchkit';
import { createFakeBackend, createFakeFetchToken, type FakeBackend } from 'latchkit/testing';

/** One person's app: what it renders, and what its endpoint has been asked for. */
export interface World {
  userId: string;
  queryClient: QueryClient;
  backend: FakeBackend;
  fetchToken: FetchToken;
  mints: () => number;
}

export function createWorld(userId: string, options: { ttlSeconds?: number } = {}): World {
  const mint = createFakeFetchToken({ userId, ...options });
  let mints = 0;
  return {
    userId,
    queryClient: new QueryClient(),
    backend: createFakeBackend({
      users: [{ id: 'ben', name: 'Ben' }],
      threads: [{ id: 'help', title: 'Help desk', messages: [{ author: 'ben', text: 'Hello from Ben' }] }],
    }),
    fetchToken: (context) => {
      mints += 1;
      return mint(context);
    },
    mints: () => mints,
  };
}

function Token({ id }: { id: string }) {
  const { status, renewals, token } = useChatToken();
  return <output id={id}>{`${status} ${renewals} ${String(token)}`}</output>;
}

function OwnToken({ world }: { world: World }) {
  const { status } = useChatToken({ fetchToken: world.fetchToken, userId: world.userId, scope: 'own' });
  return <output id="own">{status}</output>;
}

export interface AppProps {
  world: World;
  userId?: string | null;
  /** Renders one that needs no provider too, at the cost of one more mint. */
  own?: boolean;
}

export function App({ world, userId = world.userId, own = false }: AppProps) {
  return (
    <QueryClientProvider client={world.queryClient}>
      <ChatProvider userId={userId} backend={world.backend} fetchToken={(context) => world.fetchToken(context)}>
        <ChatWindow threadId="help" />
        <Token id="one" />
        <Token id="two" />
        {own && <OwnToken world={world} />}
      </ChatProvider>
    </QueryClientProvider>
  );
}
