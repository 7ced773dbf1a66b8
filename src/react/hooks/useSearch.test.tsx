import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import { createFakeBackend, createFakeFetchToken } from '../../testing/index.ts';
import { ChatProvider } from '../ChatProvider.tsx';
import { useSearch } from './useSearch.ts';

const messages = Array.from({ length: 3 }, (_, index) => ({
  author: 'ben',
  text: `needle ${index + 1}`,
  id: `m${index + 1}`,
}));

function setup(options: { threadId?: string } = {}) {
  const backend = createFakeBackend({
    pageSize: 2,
    threads: [
      { id: 'one', title: 'One', messages },
      { id: 'other', title: 'Other', messages: [{ author: 'ben', text: 'another needle', id: 'o1', minutesAgo: 60 }] },
    ],
  });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <ChatProvider userId="ada" backend={backend} fetchToken={createFakeFetchToken({ userId: 'ada' })}>
      {children}
    </ChatProvider>
  );
  const { result } = renderHook(() => useSearch(options), { wrapper });
  const asked = () => backend.requests.filter(({ name }) => name === 'searchMessages').map(({ query }) => query);
  const type = (query: string) => act(() => result.current.setQuery(query));
  const hits = () => result.current.hits.map(({ messageId }) => messageId);
  return { backend, result, asked, type, hits };
}

it('asks once for what is typed without a pause, and shows nothing of what is no longer looked for', async () => {
  const { result, asked, type, hits } = setup();
  expect(result.current.status).toBe('idle');
  for (const query of ['n', 'ne', 'need']) type(query);
  expect(result.current.status).toBe('searching');
  await vi.waitFor(() => expect(result.current.status).toBe('ready'));
  expect(asked()).toEqual(['need']);
  expect(hits()).toEqual(['m3', 'm2']);
  expect(result.current.hasMore).toBe(true);
  act(() => result.current.loadMore());
  await vi.waitFor(() => expect(hits()).toEqual(['m3', 'm2', 'm1', 'o1']));
  expect(result.current.hasMore).toBe(false);
  type('  ');
  expect(result.current).toMatchObject({ status: 'idle', hits: [] });
});

it('drops the answer to an earlier query, however late it comes', async () => {
  const { backend, result, asked, type, hits } = setup({ threadId: 'one' });
  backend.setFault('searchMessages', 'never-answers');
  type('needle 1');
  await vi.waitFor(() => expect(asked()).toEqual(['needle 1']));
  type('needle 2');
  await vi.waitFor(() => expect(asked()).toEqual(['needle 1', 'needle 2']));
  backend.setFault('searchMessages', null);
  await vi.waitFor(() => expect(result.current.status).toBe('ready'));
  expect(hits()).toEqual(['m2']);
});

it('says what went wrong, and asks once more on request', async () => {
  const { backend, result, type, hits } = setup();
  backend.setFault('searchMessages', 'rate_limited');
  type('another');
  await vi.waitFor(() => expect(result.current.status).toBe('error'));
  expect(result.current.error?.code).toBe('rate_limited');
  backend.setFault('searchMessages', null);
  act(() => result.current.retry());
  await vi.waitFor(() => expect(hits()).toEqual(['o1']));
});
