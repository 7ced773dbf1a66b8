import { QueryClient, QueryObserver } from '@tanstack/react-query';
import * as Ably from 'ably';
import { StreamChat } from 'stream-chat';
import { createTokenManager } from '../../../src/client/index.ts';
import type { LocalApi, Refusal } from '../LocalApi.ts';
import { TTL_S, USER } from '../TokenEndpoint.ts';
import { createAuthClient, LAPSED, session, signedInStorage } from './supabase.ts';

/** A signed-in client of the local server, in real time over HTTP. */
export interface CallingClient {
  /** One call to the app's server, renewed and repeated as the contestant does it. Rejects when it fails for good. */
  call(): Promise<void>;
  /** Lets the token in hand lapse by the client's clock too, where the contestant has no path for a refusal by the server. */
  lapse?(): Promise<void>;
  close(): void;
}

export interface CallingContestant {
  name: string;
  packages: string[];
  /** How its own server refuses a token that has expired. */
  refusal: Refusal;
  signIn(api: LocalApi): Promise<CallingClient>;
}

/** Lets a token lapse in real time without a minute's wait. */
const SHORT_LIFE_MS = 1_500;
const PLAIN: Refusal = { body: { code: 'token_expired' } };

const latchkit: CallingContestant = {
  name: 'LatchKit',
  packages: ['latchkit'],
  refusal: PLAIN,
  async signIn(api) {
    const tokens = createTokenManager({ userId: USER, fetchToken: () => api.mint() });
    await tokens.get();
    return {
      async call() {
        const token = await tokens.get();
        const response = await get(api, token.raw());
        if (response.status !== 401) return ensureOk(response);
        ensureOk(await get(api, (await tokens.forceRefresh(token)).raw()));
      },
      close: () => tokens.dispose(),
    };
  },
};

const tanstack: CallingContestant = {
  name: 'TanStack Query, refetchInterval',
  packages: ['@tanstack/react-query'],
  refusal: PLAIN,
  async signIn(api) {
    const client = new QueryClient();
    const observer = new QueryObserver(client, {
      queryKey: ['chat-token'],
      queryFn: () => api.mint(),
      refetchInterval: TTL_S * 750,
      staleTime: TTL_S * 750,
    });
    const leave = observer.subscribe(() => {});
    await client.ensureQueryData(observer.options as { queryKey: string[] });
    return {
      async call() {
        const { data } = observer.getCurrentResult();
        const response = await get(api, data?.token ?? '');
        if (response.status !== 401) return ensureOk(response);
        const renewed = await observer.refetch();
        ensureOk(await get(api, renewed.data?.token ?? ''));
      },
      close() {
        leave();
        client.clear();
      },
    };
  },
};

const streamChat: CallingContestant = {
  name: 'stream-chat',
  packages: ['stream-chat'],
  refusal: { body: { code: 40, message: 'JWTAuth error: token is expired', StatusCode: 401, duration: '' } },
  async signIn(api) {
    // What connectUser does, without its WebSocket.
    const client = new StreamChat('key', { baseURL: api.url, browser: true, timeout: 30_000 });
    client.userID = USER;
    await client.tokenManager.setTokenOrProvider(async () => (await api.mint()).token, { id: USER });
    return {
      call: async () => void (await client.get(`${api.url}/app`)),
      close() {},
    };
  },
};

const ABLY_REFUSAL: Refusal = {
  headers: { 'x-ably-errorcode': '40142', 'x-ably-errormessage': 'token expired' },
  body: { error: { code: 40142, statusCode: 401, message: 'token expired' } },
};

/** By the server's time, it notices an expiry before it sends. */
const ably: CallingContestant = {
  name: 'Ably, lapsed by the clock',
  packages: ['ably'],
  refusal: ABLY_REFUSAL,
  async signIn(api) {
    let lifetimeMs = SHORT_LIFE_MS;
    const client = createAbly(api, () => lifetimeMs);
    await client.time();
    return {
      ...ablyCalls(client),
      async lapse() {
        lifetimeMs = TTL_S * 1_000;
        await new Promise((resolve) => setTimeout(resolve, SHORT_LIFE_MS + 10));
      },
    };
  },
};

function createAbly(api: LocalApi, lifetime: () => number): Ably.Rest {
  return new Ably.Rest({
    endpoint: '127.0.0.1',
    port: api.port,
    tls: false,
    useBinaryProtocol: false,
    fallbackHosts: [],
    logLevel: 0,
    queryTime: true,
    authCallback: (_params, done) => {
      api.mint().then(
        ({ token }) => {
          const issued = Date.now();
          done(null, { token, issued, expires: issued + lifetime(), capability: '{"*":["*"]}' });
        },
        (error: unknown) => done(String(error), null),
      );
    },
  });
}

function ablyCalls(client: Ably.Rest): CallingClient {
  const channel = client.channels.get('room');
  return {
    call: async () => void (await channel.history()),
    close() {},
  };
}

const supabase: CallingContestant = {
  name: 'Supabase auth-js',
  packages: ['@supabase/auth-js'],
  refusal: PLAIN,
  async signIn(api) {
    const storage = signedInStorage(LAPSED);
    const client = createAuthClient(api.url, storage, async () => {
      const { token } = await api.mint();
      // An hour, its default: a token of 60 s lies within its margin of 90 s, and would be renewed by every call.
      return Response.json(session(token, Math.floor(Date.now() / 1_000) + 3_600));
    });
    await client.initialize();
    return {
      async call() {
        const { data } = await client.getSession();
        ensureOk(await get(api, data.session?.access_token ?? ''));
      },
      lapse() {
        for (const [key, value] of signedInStorage(LAPSED)) storage.set(key, value);
        return Promise.resolve();
      },
      close: () => void client.dispose(),
    };
  },
};

export const callingContestants: CallingContestant[] = [latchkit, tanstack, supabase, streamChat, ably];

function get(api: LocalApi, token: string): Promise<Response> {
  return fetch(`${api.url}/app`, { headers: { authorization: `Bearer ${token}` } });
}

function ensureOk(response: Response): void {
  if (!response.ok) throw new Error(`The call was answered by ${response.status}.`);
}
