import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Message, ThreadEvent } from '../../../protocol/index.ts';
import { createFakeBackend, createFakeMessage, type FakeBackend } from '../../../testing/index.ts';
import type { ChatProviderProps } from '../../ChatProvider.tsx';
import { ENGLISH } from '../../strings.ts';
import { ARABIC, GERMAN } from '../../strings/locales/index.ts';
import { renderForAda, settle } from '../../test-fixtures.tsx';
import { eventText } from './event-text.ts';
import { MessageList } from './MessageList.tsx';

// What is loaded first takes its time on a slow machine.
beforeAll(() => import('./some-parts.ts'));
afterEach(cleanup);

const BEN = { id: 'ben', name: 'Ben' };
const ADA = { id: 'ada', name: 'Ada' };
const by = (author: typeof BEN, event: ThreadEvent): Message =>
  createFakeMessage({ author: { ...author, avatarUrl: null }, parts: [], event });

async function open(backend: FakeBackend, props: Partial<ChatProviderProps> = {}) {
  renderForAda(backend, <MessageList threadId="help" />, props);
  await settle();
}

test.each<[string, Message]>([
  ['Ben created the conversation', by(BEN, { type: 'thread.created', title: 'Help' })],
  ['You renamed the conversation to “Desk”', by(ADA, { type: 'thread.renamed', title: 'Desk' })],
  ['Ben renamed the conversation to “Conversation”', by(BEN, { type: 'thread.renamed', title: '' })],
  ['Ben added you', by(BEN, { type: 'member.added', people: [ADA], count: 1 })],
  ['Ada added Ben and 4 others', by({ ...ADA, id: 'ada-2' }, { type: 'member.added', people: [BEN], count: 5 })],
  ['Ben joined', by(BEN, { type: 'member.joined' })],
  ['You left', by(ADA, { type: 'member.left' })],
  ['You removed Ben', by(ADA, { type: 'member.removed', people: [BEN], count: 1 })],
  ['Ben changed your role: Owner', by(BEN, { type: 'member.role-changed', people: [ADA], count: 1, role: 'owner' })],
  ['Ben’s role is now: Member', by(BEN, { type: 'member.role-changed', people: [BEN], count: 1, role: 'member' })],
])('%s', (text, message) => {
  expect(eventText(message, 'ada', ENGLISH)).toBe(text);
});

test('each reader has it in their own language', () => {
  const added = by(BEN, { type: 'member.added', people: [ADA], count: 1 });
  expect(eventText(added, 'ada', GERMAN)).toBe('Ben hat dich hinzugefügt');
  expect(eventText(added, 'cy', GERMAN)).toBe('Ben hat Ada hinzugefügt');
  expect(eventText(added, 'cy', ARABIC)).toBe('تمت إضافة \u2068Ada\u2069 من قِبل \u2068Ben\u2069');
  const arabic = by({ id: 'noor', name: 'نور' }, { type: 'member.left' });
  expect(eventText(arabic, 'ada', ARABIC)).toBe('تمت مغادرة نور');
  expect(eventText(arabic, 'ada', ENGLISH)).toBe('\u2068نور\u2069 left');
});

const events = (): FakeBackend =>
  createFakeBackend({
    users: [ADA, BEN],
    threads: [
      {
        id: 'help',
        members: ['ada', 'ben'],
        messages: [
          { author: 'ben', event: { type: 'thread.created', title: 'Help' } },
          { author: 'ben', text: 'Hello' },
          { author: 'ben', event: { type: 'unknown' } },
        ],
      },
    ],
  });

test('it is a line of the log and no message: no actions, no author beside it', async () => {
  await open(events());
  const line = screen.getByText(/Ben created the conversation/);
  expect(line.closest('[role="log"]')).not.toBeNull();
  expect(screen.getAllByRole('article')).toHaveLength(1);
  expect(screen.queryByText(/unknown/)).toBeNull();
  expect(document.querySelectorAll('.lk-event')).toHaveLength(1);
});

test('it comes live, also what this version does not know, which shows as nothing', async () => {
  const backend = events();
  await open(backend);
  act(() => backend.setMember('help', 'cy', 'member', { by: 'ben' }));
  expect(await screen.findByText(/Ben added cy/)).toBeTruthy();
  act(() => backend.setMember('help', 'cy', null, { by: 'cy' }));
  expect(await screen.findByText(/cy left/)).toBeTruthy();
});

test('an app may show it its own way', async () => {
  const Own = ({ message }: { message: Message }) => <hr data-own={message.event?.type} />;
  await open(events(), { components: { SystemMessage: Own } });
  expect(document.querySelectorAll('[data-own="thread.created"]')).toHaveLength(1);
});
