import { act, cleanup, render } from '@testing-library/react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import type { ComponentType, ReactNode } from 'react';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { MessagePart } from '../../../protocol/index.ts';
import { ChatProvider } from '../../ChatProvider.tsx';
import { loadWords } from '../../strings/load-words.ts';
import { MessageContent } from '../messages/MessageContent.tsx';
import { AfterLoading, lazyPart, markupLoader, markupPart } from './lazy-part.tsx';

// They come with every part, as fast as the machine likes.
beforeAll(() => loadWords());
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  document.head.replaceChildren();
});

const settle = (ms = 0) => act(() => vi.advanceTimersByTimeAsync(ms));

const Name: ComponentType<{ of: string }> = ({ of }) => <b>{of}</b>;

/** An app whose styles are there, or fail, when the test says so. */
function app() {
  const asked: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const loadStyles = vi.fn(
    () => new Promise<void>((resolve, reject) => void asked.push({ resolve: () => resolve(), reject })),
  );
  const App = ({ children }: { children: ReactNode }) => (
    <ChatProvider userId={null} loadStyles={loadStyles}>
      {children}
    </ChatProvider>
  );
  return {
    App,
    loadStyles,
    arrive: () => asked.at(-1)?.resolve(),
    fail: () => asked.at(-1)?.reject(new Error('Unable to preload CSS')),
  };
}

test('a part is shown once its styles are there, too; all parts ask once', async () => {
  const { App, loadStyles, arrive } = app();
  const one = lazyPart(() => Promise.resolve(Name));
  const other = lazyPart(() => Promise.resolve(Name));
  const { container } = render(
    <App>
      <one.Part of="Ada" />
      <other.Part of=" and Ben" />
    </App>,
  );
  await settle();
  expect(container.textContent).toBe('');
  arrive();
  await settle();
  expect(container.textContent).toBe('Ada and Ben');
  expect(loadStyles).toHaveBeenCalledTimes(1);
});

test('a part that the first styles are enough for waits for no others', async () => {
  const { App, loadStyles } = app();
  const { Part } = lazyPart(() => Promise.resolve(Name), 'first');
  const { container } = render(
    <App>
      <Part of="Ada" />
    </App>,
  );
  await settle();
  expect(container.textContent).toBe('Ada');
  expect(loadStyles).not.toHaveBeenCalled();
});

test('Markdown stands as its words until its styles are there', async () => {
  await import('../../markdown/Markdown.tsx');
  const { App, arrive } = app();
  const parts: MessagePart[] = [{ type: 'text', text: 'Any **owner**' }];
  const { container } = render(
    <App>
      <MessageContent parts={parts} />
    </App>,
  );
  await settle();
  expect(container.textContent).toBe('Any **owner**');
  arrive();
  await settle();
  expect(container.querySelector('strong')?.textContent).toBe('owner');
});

test('what is fetched ahead is fetched with its styles', async () => {
  const { App, loadStyles, arrive } = app();
  const part = lazyPart(() => Promise.resolve(Name));
  const Opener = ({ open }: { open: boolean }) => {
    const preload = part.usePreload();
    return <button onClick={preload}>{open && <part.Part of="Ada" />}</button>;
  };
  const { container, rerender } = render(
    <App>
      <Opener open={false} />
    </App>,
  );
  act(() => container.querySelector('button')!.click());
  await settle();
  expect(loadStyles).toHaveBeenCalledTimes(1);
  arrive();
  await settle();
  rerender(
    <App>
      <Opener open />
    </App>,
  );
  expect(container.textContent).toBe('Ada');
});

test('styles that cannot be loaded fail as a part does, and are asked for again while it waits', async () => {
  const { App, loadStyles, arrive, fail } = app();
  const { Part } = lazyPart(() => Promise.resolve(Name));
  const onLoadError = vi.fn();
  const { container } = render(
    <App>
      <Part of="Ada" onLoadError={onLoadError} />
    </App>,
  );
  await settle();
  fail();
  await settle();
  expect(onLoadError).toHaveBeenCalledTimes(1);
  await settle(5_000);
  expect(loadStyles).toHaveBeenCalledTimes(2);
  arrive();
  await settle();
  expect(container.textContent).toBe('Ada');
});

test('a link that failed and that its bundler left in the page is asked for again itself, and no other link', async () => {
  const { App, loadStyles, fail } = app();
  const { Part } = lazyPart(() => Promise.resolve(Name));
  const { container } = render(
    <App>
      <Part of="Ada" />
    </App>,
  );
  await settle();
  const put = (rel: string) => {
    const link = Object.assign(document.createElement('link'), { rel, href: `https://app.test/${rel}` });
    return document.head.appendChild(link);
  };
  const links = () => [...document.querySelectorAll('link')];
  const code = put('modulepreload');
  const sheet = put('stylesheet');
  sheet.dispatchEvent(new Event('error'));
  code.dispatchEvent(new Event('error'));
  fail();
  await settle(5_000);
  const [first, second] = links();
  expect(first).toBe(code);
  expect(second).not.toBe(sheet);
  expect(second?.href).toBe(sheet.href);
  second?.dispatchEvent(new Event('error'));
  await settle(5_000);
  const third = links()[1];
  expect(third).not.toBe(second);
  expect(container.textContent).toBe('');
  third?.dispatchEvent(new Event('load'));
  await settle();
  expect(container.textContent).toBe('Ada');
  expect(links()).toEqual([code, third]);
  expect(loadStyles).toHaveBeenCalledTimes(1);
});

test('an app’s function that throws is one that fails', async () => {
  const { Part } = lazyPart(() => Promise.resolve(Name));
  const onLoadError = vi.fn();
  const loadStyles = () => {
    throw new Error('No such sheet');
  };
  render(
    <ChatProvider userId={null} loadStyles={loadStyles}>
      <Part of="Ada" onLoadError={onLoadError} />
    </ChatProvider>,
  );
  await settle();
  expect(onLoadError).toHaveBeenCalledTimes(1);
});

test('a server asks for no styles and leaves what needs them to the page, which takes its markup over as it is', async () => {
  const parts = markupLoader(() => Promise.resolve({ Name }));
  const Lazy = markupPart(parts, (loaded) => loaded.Name);
  await parts.fetch();
  const { App, loadStyles, arrive } = app();
  const page = (
    <App>
      <AfterLoading loader={parts} fallback={<i>soon</i>}>
        <Lazy of="Ada" />
      </AfterLoading>
      <Lazy of="alone" />
    </App>
  );
  const root = document.createElement('div');
  root.innerHTML = renderToString(page);
  expect(root.textContent).toBe('soon');
  expect(loadStyles).not.toHaveBeenCalled();
  const errors = vi.fn();
  const hydrated = await act(() => hydrateRoot(root, page, { onRecoverableError: errors }));
  await settle();
  expect(root.textContent).toBe('soon');
  arrive();
  await settle();
  expect(root.textContent).toBe('Adaalone');
  expect(errors).not.toHaveBeenCalled();
  act(() => hydrated.unmount());
});
