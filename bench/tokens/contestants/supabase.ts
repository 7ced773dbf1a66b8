import { AuthClient } from '@supabase/auth-js';
import type { Contestant, Tab } from '../Contestant.ts';
import { EndpointRefusal, USER } from '../TokenEndpoint.ts';
import type { World } from '../World.ts';

const STORAGE_KEY = 'session';
/** Long ago, in seconds; 0 would mean that it never lapses. */
export const LAPSED = 1;

/** Its auto refresh, one client per tab; the tabs share the storage, as a browser's localStorage is shared. */
export const supabase: Contestant = {
  name: 'Supabase auth-js',
  packages: ['@supabase/auth-js'],
  openBrowser(world) {
    const storage = signedInStorage(LAPSED);
    return { openTab: () => openTab(world, storage) };
  },
};

/** The storage of a person who was signed in yesterday: a refresh token, and an access token that has lapsed. */
export function signedInStorage(expiresAt: number): Map<string, string> {
  return new Map([[STORAGE_KEY, JSON.stringify(session('lapsed', expiresAt))]]);
}

export function createAuthClient(url: string, storage: Map<string, string>, fetch: typeof globalThis.fetch) {
  return new AuthClient({
    url,
    fetch,
    storageKey: STORAGE_KEY,
    autoRefreshToken: true,
    persistSession: true,
    detectSessionInUrl: false,
    storage: {
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, value) => void storage.set(key, value),
      removeItem: (key) => void storage.delete(key),
    },
  });
}

/** What its own server answers to a refresh. */
export function session(token: string, expiresAt: number): Record<string, unknown> {
  return {
    access_token: token,
    token_type: 'bearer',
    expires_in: 60,
    expires_at: expiresAt,
    refresh_token: `after-${token}`,
    user: { id: USER, aud: 'authenticated', app_metadata: {}, user_metadata: {}, created_at: '2026-01-01T00:00:00Z' },
  };
}

function openTab(world: World, storage: Map<string, string>): Tab {
  const client = createAuthClient('https://app.example/auth/v1', storage, () => refresh(world));
  const leave: (() => void)[] = [];
  return {
    mount() {
      const { subscription } = client.onAuthStateChange(() => {}).data;
      leave.push(() => subscription.unsubscribe());
    },
    current() {
      const stored = storage.get(STORAGE_KEY);
      return stored ? (JSON.parse(stored) as { access_token: string }).access_token : null;
    },
    forRequest: async () => (await client.getSession()).data.session?.access_token ?? null,
    // In a browser it listens to `visibilitychange` itself; without one, it runs on.
    wake() {},
    close() {
      for (const stop of leave) stop();
      void client.dispose();
    },
  };
}

async function refresh(world: World): Promise<Response> {
  try {
    const { token, expires_at } = await world.endpoint.fetch();
    return Response.json(session(token, expires_at));
  } catch (error) {
    if (!(error instanceof EndpointRefusal)) throw error;
    return Response.json({ message: 'unavailable' }, { status: error.status });
  }
}
