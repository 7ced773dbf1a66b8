import type { FetchToken } from 'latchkit/client';
import {
  createFakeBackend,
  createFakeFetchToken,
  type FakeBackend,
  type FakeBackendOptions,
  type FakeFetchTokenOptions,
} from 'latchkit/testing';
import { ME, THREADS, USERS } from './content.ts';

/** What a story says about the world around its component, in `parameters.scene`. */
export interface SceneOptions extends FakeBackendOptions {
  /** Null: signed out. */
  userId?: string | null;
  /** The app's token endpoint. */
  token?: Partial<FakeFetchTokenOptions>;
}

export interface Scene {
  backend: FakeBackend;
  userId: string | null;
  fetchToken: FetchToken;
}

export function createScene({ userId = ME, token, ...backend }: SceneOptions = {}): Scene {
  return {
    userId,
    fetchToken: createFakeFetchToken({ userId: userId ?? ME, ...token }),
    backend: createFakeBackend({ users: USERS, threads: THREADS, ...backend }),
  };
}

/** The far side of the story that a play function runs in. */
export function backendOf(context: { loaded: Record<string, unknown> }): FakeBackend {
  return (context.loaded.scene as Scene).backend;
}
