// @vitest-environment jsdom
import { act, cleanup } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChatBackend } from '../../../client/index.ts';
import { createFakeBackend, type FakeBackend } from '../../../testing/index.ts';
import { renderForAda, settle } from '../../test-fixtures.tsx';
import { MessageList } from './MessageList.tsx';

const rehearse = vi.hoisted(() => vi.fn(() => Promise.resolve()));
vi.mock('../../markdown/rehearse.ts', () => ({ rehearse }));

let idle: (() => void)[] = [];
beforeEach(() => {
  rehearse.mockClear();
  idle = [];
  vi.stubGlobal('requestIdleCallback', (work: () => void) => idle.push(work));
  vi.stubGlobal('cancelIdleCallback', () => {});
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function helpDesk(): FakeBackend {
  return createFakeBackend({ threads: [{ id: 'help', messages: [{ author: 'ada', text: 'Hello' }] }] });
}

async function open(backend: ChatBackend): Promise<void> {
  renderForAda(backend, <MessageList threadId="help" />);
  await settle();
  await act(async () => {
    for (const work of idle.splice(0)) work();
    await vi.dynamicImportSettled();
  });
}

test('what shows answers is not loaded where there are none', async () => {
  await open(helpDesk());
  expect(rehearse).not.toHaveBeenCalled();
});

test('it is while the page is idle, where a backend is one that answers', async () => {
  await open({ ...helpDesk(), expectsAnswers: true });
  expect(rehearse).toHaveBeenCalledOnce();
});

test('it is in a thread that has an answer already', async () => {
  const backend = helpDesk();
  backend.answer({ threadId: 'help', author: 'assistant', to: 'help-1' });
  await open(backend);
  expect(rehearse).toHaveBeenCalledOnce();
});
