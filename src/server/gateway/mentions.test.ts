import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestSocket } from '../../../test/support/socket.ts';
import { MAX_MENTIONS, MAX_TEXT_LENGTH, type Mention } from '../../protocol/index.ts';
import type { Authorize } from '../types.ts';

let server: TestServer;
let rule: Authorize | undefined;
const names = new Map<string, string>();
beforeEach(async () => {
  rule = undefined;
  names.clear();
  server = await startTestServer({
    authorize: (context) => rule?.(context),
    authenticate: (request) => {
      const id = request.headers.get('x-user') ?? '';
      return { id, name: names.get(id) ?? `Name of ${id}`, sessionId: 's1' };
    },
  });
  await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada', 'bob'] });
  await server.chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
  // Whoever was here once is known.
  for (const id of ['bob', 'eve']) await server.connect(id);
});
afterEach(() => server.stop());

const parts = (text: string, ...mentions: Mention[]) => [{ type: 'text', text, mentions }];
const bob = { userId: 'bob', label: 'Bob' };
let count = 0;
const send = async (socket: TestSocket, threadId: string, text: string, ...mentions: Mention[]) => {
  const frame = { type: 'message.send', threadId, messageId: `m${++count}`, parts: parts(text, ...mentions) };
  return (await socket.request(frame, 'message.accepted')).message;
};
const mentioned = async (...args: Parameters<typeof send>) => {
  const [part] = (await send(...args)).parts;
  return part?.type === 'text' ? (part.mentions?.map(({ userId }) => userId) ?? []) : [];
};

it('a mention means the person by the id, under the name that they have now', async () => {
  const ada = await server.connect('ada');
  const message = await send(ada, 'pair', 'Look, @Bob', bob);
  expect(message.parts).toEqual(parts('Look, @Bob', { ...bob, name: 'Name of bob' }));
  names.set('bob', 'Robert');
  await server.connect('bob');
  const page = await ada.request({ type: 'thread.subscribe', threadId: 'pair' }, 'thread.subscribed');
  expect(page.messages.at(-1)?.parts).toEqual(parts('Look, @Bob', { ...bob, name: 'Robert' }));
});

it('a name that a client claims is not believed', async () => {
  const ada = await server.connect('ada');
  const { parts: stored } = await send(ada, 'pair', '@Bob', { ...bob, name: 'The boss' });
  expect(stored).toEqual(parts('@Bob', { ...bob, name: 'Name of bob' }));
});

it('who may not read the thread, is not known, or is not in the text, is not mentioned; the words stay', async () => {
  const ada = await server.connect('ada');
  expect(await mentioned(ada, 'pair', '@Eve @Bob', { userId: 'eve', label: 'Eve' }, bob)).toEqual(['bob']);
  expect(await mentioned(ada, 'open', '@Eve', { userId: 'eve', label: 'Eve' })).toEqual(['eve']);
  expect(await mentioned(ada, 'open', '@Nobody', { userId: 'nobody', label: 'Nobody' })).toEqual([]);
  expect(await mentioned(ada, 'pair', 'Bobby', bob)).toEqual([]);
  expect((await send(ada, 'pair', '@Eve', { userId: 'eve', label: 'Eve' })).parts).toEqual([
    { type: 'text', text: '@Eve' },
  ]);
});

it('the app’s own rule decides who may read', async () => {
  const ada = await server.connect('ada');
  rule = ({ user, action }) => (user.id === 'bob' && action === 'thread.read' ? false : undefined);
  expect(await mentioned(ada, 'pair', '@Bob', bob)).toEqual([]);
});

it('S2 sent again after somebody has left, it is the same message', async () => {
  const ada = await server.connect('ada');
  const frame = { type: 'message.send', threadId: 'pair', messageId: 'again', parts: parts('@Bob', bob) };
  const first = await ada.request(frame, 'message.accepted');
  await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada'] });
  expect((await ada.request(frame, 'message.accepted')).message).toEqual(first.message);
});

it('an edit mentions anew', async () => {
  const ada = await server.connect('ada');
  const { id } = await send(ada, 'pair', 'Look');
  const edit = { type: 'message.edit', threadId: 'pair', messageId: id, parts: parts('Look, @Bob', bob) };
  const { message } = await ada.request(edit, 'message.saved');
  expect(message.parts).toEqual(parts('Look, @Bob', { ...bob, name: 'Name of bob' }));
  // The same once more is no change.
  expect((await ada.request(edit, 'message.saved')).message.version).toBe(message.version);
});

it('there is an end to how many, and to what fits a frame', async () => {
  const ada = await server.connect('ada');
  const refusal = async (text: string, mentions: Mention[]) => {
    const frame = { type: 'message.send', threadId: 'pair', messageId: 'x', parts: parts(text, ...mentions) };
    return (await ada.request(frame, 'request.refused')).error.code;
  };
  const crowd = Array.from({ length: MAX_MENTIONS + 1 }, (_, index) => ({ userId: `u${index}`, label: `u${index}` }));
  expect(await refusal('@u1', crowd)).toBe('bad_request');
  expect(await refusal(`@Bob ${'\u0001'.repeat(MAX_TEXT_LENGTH - 5)}`, [bob])).toBe('message_too_long');
});
