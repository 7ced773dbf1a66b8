import assert from 'node:assert/strict';
import { dehydrate, hydrate, QueryClient, type DehydratedState } from '@tanstack/react-query';
import { chatTokenKey, ChatToken } from 'latchkit';
import { StrictMode, version } from 'react';
import { createRoot, hydrateRoot, type Root } from 'react-dom/client';
import { App, createWorld, type AppProps, type World } from './App.tsx';

export { version };

const PATIENCE_MS = 5_000;

async function until(holds: () => boolean, what: string): Promise<void> {
  for (const start = Date.now(); !holds(); await new Promise((resolve) => setTimeout(resolve, 5))) {
    if (Date.now() - start > PATIENCE_MS) throw new Error(`Waited in vain for ${what}:\n${document.body.innerHTML}`);
  }
}

const text = (id: string) => document.getElementById(id)?.textContent ?? '';
const shows = (words: string) => () => document.body.textContent?.includes(words) ?? false;
const calm = () => new Promise((resolve) => setTimeout(resolve, 60));
const cached = (world: World) => world.queryClient.getQueryData(chatTokenKey('/chat', world.userId));

/** Everything that an app mounts, in StrictMode, and how to let go of it. */
function mount(props: AppProps): Root {
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  show(root, props);
  return root;
}

function show(root: Root, props: AppProps): void {
  root.render(
    <StrictMode>
      <App {...props} />
    </StrictMode>,
  );
}

async function ready(world: World): Promise<void> {
  await until(() => text('one').startsWith('ready') && text('two').startsWith('ready'), 'a token');
  assert.ok(ChatToken.is(cached(world)));
}

const restored = (world: World) => {
  const state = JSON.parse(JSON.stringify(dehydrate(world.queryClient))) as DehydratedState;
  const queryClient = new QueryClient();
  hydrate(queryClient, state);
  return queryClient;
};

/** Each gets what the server has rendered for the user `hydrated`. */
export const scenarios: Record<string, (html: string) => Promise<unknown>> = {
  'T11 StrictMode: one mint for all components': async () => {
    const world = createWorld('strict');
    const root = mount({ world });
    await ready(world);
    await calm();
    assert.equal(world.mints(), 1);
    root.unmount();
  },
  'a renewal reaches every component, and the query cache': async () => {
    const world = createWorld('renewed', { ttlSeconds: 3 });
    const root = mount({ world });
    await ready(world);
    const first = cached(world);
    await until(() => text('one').startsWith('ready 1') && text('two').startsWith('ready 1'), 'the renewal');
    assert.ok(ChatToken.is(cached(world)));
    assert.notEqual(cached(world), first);
    assert.equal(world.mints(), 2);
    root.unmount();
  },
  'ChatWindow shows what was said, and sends': async () => {
    const world = createWorld('writer');
    const root = mount({ world });
    await until(shows('Hello from Ben'), 'the history');
    const box = document.querySelector('textarea');
    assert.ok(box);
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(box, 'Sent by hand');
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await calm();
    box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    await until(() => world.backend.messages('help').length === 2, 'the message');
    await until(
      () => document.querySelector('[role="log"]')?.textContent?.includes('Sent by hand') ?? false,
      'its row',
    );
    world.backend.receive({ threadId: 'help', author: 'ben', text: 'And an answer' });
    await until(shows('And an answer'), 'the answer');
    root.unmount();
  },
  'signing out ends the token, and empties its place in the cache': async () => {
    const world = createWorld('leaving');
    const root = mount({ world });
    await ready(world);
    const token = cached(world);
    show(root, { world, userId: null });
    await until(shows('You are signed out.'), 'the sign-out');
    await calm();
    assert.match(text('one'), /^unauthenticated 0 null/);
    assert.ok(ChatToken.is(token));
    assert.equal(cached(world), undefined);
    assert.equal(world.mints(), 1);
    root.unmount();
  },
  'the app’s refetching, resetting and clearing cost no mint': async () => {
    const world = createWorld('busy');
    const root = mount({ world, own: true });
    await ready(world);
    await until(() => text('own') === 'ready', 'its own token');
    const { queryClient } = world;
    for (let turn = 0; turn < 5; turn += 1) {
      await queryClient.refetchQueries();
      await queryClient.invalidateQueries();
      await queryClient.resetQueries();
    }
    queryClient.removeQueries();
    queryClient.clear();
    show(root, { world, own: true });
    await calm();
    assert.equal(world.mints(), 2); // The provider's, and the one of its own scope.
    assert.match(text('one'), /^ready 0/);
    assert.equal(text('own'), 'ready');
    root.unmount();
  },
  'T46 T47 a persister writes no token, and what it restores is replaced': async () => {
    const before = createWorld('stored');
    const first = mount({ world: before });
    await ready(before);
    const token = cached(before);
    const after = { ...createWorld('stored'), queryClient: restored(before) };
    first.unmount();
    assert.ok(ChatToken.is(token));
    assert.ok(!JSON.stringify(dehydrate(before.queryClient)).includes(token.raw().split('.')[1] ?? ''));
    assert.equal(cached(after), '[ChatToken]');
    await calm();
    const second = mount({ world: after });
    await ready(after);
    assert.equal(after.mints(), 1);
    second.unmount();
  },
  'unmounting all and coming back works': async () => {
    const world = createWorld('returning');
    mount({ world, own: true }).unmount();
    await calm();
    const root = mount({ world, own: true });
    await ready(world);
    await until(() => text('own') === 'ready', 'its own token');
    root.unmount();
  },
  'the server’s markup is hydrated without a warning, with one mint for each of two managers': async (html) => {
    const world = createWorld('hydrated');
    const place = document.body.appendChild(document.createElement('div'));
    place.innerHTML = html;
    const window = place.querySelector('.lk-window');
    assert.ok(window);
    const problems: unknown[] = [];
    const root = hydrateRoot(
      place,
      <StrictMode>
        <App world={world} own />
      </StrictMode>,
      { onRecoverableError: (error) => problems.push(error) },
    );
    await ready(world);
    await until(() => text('own') === 'ready', 'its own token');
    assert.deepEqual(problems, []);
    assert.equal(place.querySelector('.lk-window'), window, 'the server’s elements are kept');
    assert.equal(world.mints(), 2);
    root.unmount();
  },
};
