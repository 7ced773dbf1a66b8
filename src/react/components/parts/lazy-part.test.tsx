import { act, cleanup, render } from '@testing-library/react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { useLayoutEffect, useState, type ComponentType } from 'react';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { loadWords } from '../../strings/load-words.ts';
import { AfterLoading, lazyPart, markupLoader, markupPart } from './lazy-part.tsx';

// They come with every part, as fast as the machine likes.
beforeAll(() => loadWords());
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = (ms = 0) => act(() => vi.advanceTimersByTimeAsync(ms));

type Parts = { Name: ComponentType<{ of: string }> };
const parts: Parts = { Name: ({ of }) => <b>{of}</b> };

/** What is loaded when the test says so. */
function loading() {
  let answer: { arrive: () => void; fail: () => void } | undefined;
  const load = vi.fn(
    () =>
      new Promise<Parts>((resolve, reject) => {
        answer = { arrive: () => resolve(parts), fail: () => reject(new TypeError('Failed to fetch')) };
      }),
  );
  return { load, arrive: () => answer?.arrive(), fail: () => answer?.fail() };
}

function listOf(load: () => Promise<Parts>, orWithout = false) {
  const loader = markupLoader(load);
  const Name = markupPart(loader, ({ Name: found }) => found);
  const List = () => {
    const [count, setCount] = useState(0);
    return (
      <div onClick={() => setCount(count + 1)}>
        <AfterLoading loader={loader} fallback={<i>soon</i>} orWithout={orWithout}>
          <p>
            {count} <Name of="Ada" />
          </p>
        </AfterLoading>
      </div>
    );
  };
  return { List, loader };
}

test('what needs a part waits for it', async () => {
  const { load, arrive } = loading();
  const { List } = listOf(load);
  const { container } = render(<List />);
  await settle();
  expect(container.textContent).toBe('soon');
  arrive();
  await settle();
  expect(container.textContent).toBe('0 Ada');
  expect(load).toHaveBeenCalledTimes(1);
});

test('what comes between a render and its effects is shown, too', async () => {
  let there = false;
  const loader = { get: () => (there ? parts : null), fetch: () => Promise.resolve() };
  const Arriving = () => {
    useLayoutEffect(() => {
      there = true;
    }, []);
    return null;
  };
  const { container } = render(
    <>
      <Arriving />
      <AfterLoading loader={loader} fallback="soon">
        here
      </AfterLoading>
    </>,
  );
  await settle();
  expect(container.textContent).toBe('here');
});

test('what could not be loaded is tried again, and what can do without it is shown', async () => {
  const { load, fail, arrive } = loading();
  const { List } = listOf(load, true);
  const { container } = render(<List />);
  await settle();
  fail();
  await settle();
  expect(container.textContent).toBe('0 ');
  await settle(5_000);
  arrive();
  await settle();
  expect(container.textContent).toBe('0 Ada');
});

test('a server’s markup has it, and a page keeps that until it is there, also while what is around it renders anew', async () => {
  const onServer = listOf(() => Promise.resolve(parts));
  await onServer.loader.fetch();
  const root = document.createElement('div');
  root.innerHTML = renderToString(<onServer.List />);
  expect(root.textContent).toBe('0 Ada');
  const before = root.querySelector('b');

  const { load, arrive } = loading();
  const { List } = listOf(load);
  const errors = vi.fn();
  const page = await act(() => hydrateRoot(root, <List />, { onRecoverableError: errors }));
  await settle();
  act(() => root.querySelector('div')!.click());
  await settle();
  expect(root.textContent).toBe('0 Ada');
  expect(root.querySelector('b')).toBe(before);
  arrive();
  await settle();
  expect(root.textContent).toBe('1 Ada');
  expect(root.querySelector('b')).toBe(before);
  expect(errors).not.toHaveBeenCalled();
  act(() => page.unmount());
});

test('a lazy part shows nothing before it is there, and is in no server’s markup', async () => {
  const { load, arrive } = loading();
  const { Part, useIsLoaded } = lazyPart(async () => (await load()).Name);
  const Both = () => (
    <div>
      {String(useIsLoaded())} <Part of="Ada" />
    </div>
  );
  const { container } = render(<Both />);
  await settle();
  expect(container.textContent).toBe('false ');
  arrive();
  await settle();
  expect(container.textContent).toBe('true Ada');
  expect(renderToString(<Both />)).not.toContain('Ada');
});
