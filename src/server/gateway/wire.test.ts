import { expect, it } from 'vitest';
import { ASSISTANT_IN_CHARGE } from '../../protocol/index.ts';
import type { StoredMessage, StoredThread } from '../storage/ChatStorage.ts';
import { toWireMessage, toWireThread } from './wire.ts';

function message(...texts: string[]): StoredMessage {
  return {
    id: 'm1',
    threadId: 't1',
    seq: 1,
    version: 1,
    author: { id: 'ada', name: 'Ada', avatarUrl: null },
    parts: texts.map((text) => ({ type: 'text', text })),
    createdAt: 1,
    editedAt: null,
    deletedAt: null,
    reactions: [],
  };
}

function preview(...texts: string[]): string[] {
  const lastMessage = message(...texts);
  const thread: StoredThread = {
    id: 't1',
    title: 'T',
    access: 'open',
    role: null,
    memberCount: 0,
    messageCount: 0,
    lastMessage,
    updatedAt: 1,
    own: null,
    handover: ASSISTANT_IN_CHARGE,
    head: 1,
  };
  const parts = toWireThread(thread, { attachments: undefined, isAssisted: () => false }).lastMessage?.parts ?? [];
  return parts.map((part) => (part.type === 'text' ? part.text : part.type));
}

it('a message of text alone goes out as it is', () => {
  const stored = message('hello');
  expect(toWireMessage(stored, undefined)).toBe(stored);
});

it.each([
  ['a short text', ['hello'], ['hello']],
  ['280 characters', ['x'.repeat(280)], ['x'.repeat(280)]],
  ['281 characters', ['x'.repeat(281)], [`${'x'.repeat(280)}…`]],
  ['280 characters of two units each', ['😀'.repeat(280)], ['😀'.repeat(280)]],
  ['281 of them: none is cut in half', ['😀'.repeat(281)], [`${'😀'.repeat(280)}…`]],
  ['a second part that is too long', ['x'.repeat(270), 'y'.repeat(20)], ['x'.repeat(270), `${'y'.repeat(10)}…`]],
  ['a second part with no room left', ['x'.repeat(280), 'y'], ['x'.repeat(280)]],
])('the line of a list: %s', (_, texts, shown) => {
  expect(preview(...texts)).toEqual(shown);
});
