import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ChatError,
  MAX_FRAME_BYTES,
  MAX_REACTION_USERS,
  MAX_REACTIONS,
  MAX_TEXT_LENGTH,
  type FilePart,
  type ServerFrame,
  type ServerFrameOf,
} from '../../protocol/index.ts';
import type { AttachmentPort, StoredFilePart } from '../attachments/AttachmentPort.ts';
import { systemClock } from '../clock.ts';
import { LocalFanout } from '../fanout/LocalFanout.ts';
import type { ChatStorage, StoredMessage } from '../storage/ChatStorage.ts';
import { openStorage } from '../storage/openStorage.ts';
import { decodeCursor, encodeCursor } from './cursors.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { Session, type SessionFrame } from './Session.ts';
import { sizeOf, toWireMessage } from './wire.ts';

let storage: ChatStorage;
let fanout: LocalFanout;
const logged = vi.fn();
beforeEach(async () => {
  logged.mockReset();
  storage = await openStorage(':memory:');
  fanout = new LocalFanout((cause) => {
    throw cause;
  });
  await storage.upsertThread({ id: 't', title: 'T', access: 'open' });
});
afterEach(() => storage.close());

type Ports = ConstructorParameters<typeof Session>[0]['ports'];
function connect(id: string, attachments?: AttachmentPort) {
  const frames: ServerFrame[] = [];
  // Only what a session uses of them: no sockets, no tokens.
  const ports: Partial<Ports> = {
    fanout,
    authorize: undefined,
    attachments,
    logger: { error: logged, warn: logged, info: () => {} },
    clock: systemClock,
    limits: DEFAULT_LIMITS,
  };
  const session = new Session(
    { user: { id, name: id, avatarUrl: null }, storage, ports: ports as Ports },
    {
      send: (frame) => frames.push(frame),
      onBroken: (error) => {
        throw error;
      },
    },
  );
  const of = <T extends ServerFrame['type']>(type: T) =>
    frames.filter((frame): frame is ServerFrameOf<T> => frame.type === type);
  return { session, frames, of, ask: (frame: SessionFrame) => session.handle(frame) };
}

const send = (messageId: string, parts: Extract<SessionFrame, { type: 'message.send' }>['parts']): SessionFrame => ({
  type: 'message.send',
  requestId: 1,
  threadId: 't',
  messageId,
  parts,
});
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

describe('fan-out', () => {
  it('everybody in the same role gets the very same frame, to be written as JSON once', async () => {
    const people = Array.from({ length: 30 }, (_, n) => `user-${n}`);
    const members = people.slice(0, 20).map((id) => ({ id, role: 'member' as const }));
    for (const access of ['open', 'members'] as const) {
      await storage.upsertThread({ id: access, title: access, access, members });
      const sessions = people.slice(0, access === 'open' ? 30 : 20).map((id) => connect(id));
      for (const { ask } of sessions) {
        await ask({ type: 'thread.list', requestId: 1 });
        await ask({ type: 'thread.subscribe', requestId: 2, threadId: access });
      }
      const [writer] = sessions;
      const parts = [{ type: 'text' as const, text: 'hello' }];
      await writer!.ask({ type: 'message.send', requestId: 3, threadId: access, messageId: access, parts });
      await writer!.ask({ type: 'reaction.add', requestId: 4, threadId: access, messageId: access, emoji: '👍' });
      await vi.waitFor(() => {
        for (const each of sessions) expect(each.of('thread.updated')).toHaveLength(1);
      });
      const distinct = (type: 'message.created' | 'message.updated' | 'thread.updated') => {
        const frames = sessions.map(({ of }) => of(type));
        for (const each of frames) expect(each).toHaveLength(1);
        return new Set(frames.flat()).size;
      };
      expect(distinct('message.created')).toBe(1);
      expect(distinct('message.updated')).toBe(1);
      // In an open thread there are members and visitors.
      expect(distinct('thread.updated')).toBe(access === 'open' ? 2 : 1);
      for (const { session } of sessions) session.end();
    }
  });
});

describe('files in messages', () => {
  const file = (attachmentId: string): StoredFilePart => ({
    type: 'file',
    attachmentId,
    mediaType: 'image/png',
    filename: `${attachmentId}.png`,
    size: 7,
    width: 1,
    height: 1,
  });
  let signatures = 0;
  const sign = (part: StoredFilePart): FilePart => ({ ...part, url: `/f/${++signatures}`, urlExpiresAt: 99 });
  function makeAttachments(): AttachmentPort & { asked: unknown[]; let: unknown[] } {
    const asked: unknown[] = [];
    const released: unknown[] = [];
    return {
      limits: { maxBytes: 10, types: ['text/plain'] },
      asked,
      let: released,
      resolve: (parts, message) => {
        asked.push(message);
        return Promise.resolve(parts.map((part) => (part.type === 'text' ? part : file(part.attachmentId))));
      },
      sign,
      link: ({ attachmentId }) =>
        attachmentId === 'a1'
          ? Promise.resolve({ url: '/next', urlExpiresAt: 100 })
          : Promise.reject(new ChatError('attachment_not_found', 'none')),
      released: (files) => {
        released.push(files);
        return Promise.resolve();
      },
    };
  }
  const withFile = [
    { type: 'text' as const, text: 'look' },
    { type: 'file' as const, attachmentId: 'a1' },
  ];

  it('are refused where none are configured, and nothing is stored', async () => {
    const ada = connect('ada');
    await expect(ada.ask(send('m1', withFile))).rejects.toEqual(refusal('attachment_refused'));
    expect(await storage.getThread('t')).toMatchObject({ head: 0 });
    const link: SessionFrame = { type: 'attachment.link', requestId: 1, threadId: 't', attachmentId: 'a1' };
    await expect(ada.ask(link)).rejects.toEqual(refusal('attachment_not_found'));
  });

  it('are stored without a link, and go out with a fresh one, the same to everybody who hears the event', async () => {
    const attachments = makeAttachments();
    const ada = connect('ada', attachments);
    const bob = connect('bob', attachments);
    await bob.ask({ type: 'thread.list', requestId: 1 });
    await bob.ask({ type: 'thread.subscribe', requestId: 2, threadId: 't' });
    await ada.ask(send('m1', withFile));
    expect(attachments.asked).toEqual([{ messageId: 'm1', threadId: 't', userId: 'ada' }]);
    const [accepted] = ada.of('message.accepted');
    expect(accepted?.message.parts[1]).toMatchObject({
      attachmentId: 'a1',
      url: expect.stringMatching(/^\/f\//) as string,
    });
    expect(bob.of('message.created')[0]?.message).toEqual(accepted?.message);
    const [stored] = (await storage.newestMessages('t', 1)).messages;
    expect(stored?.parts).toEqual([{ type: 'text', text: 'look' }, file('a1')]);
    await bob.ask({ type: 'history.fetch', requestId: 3, threadId: 't', beforeSeq: 9, limit: 9 });
    const again = bob.of('history.page')[0]?.messages[0]?.parts[1];
    expect(again).toMatchObject({ attachmentId: 'a1' });
    expect(again).not.toEqual(accepted?.message.parts[1]);
    await vi.waitFor(() =>
      expect(bob.of('thread.updated')[0]?.thread.lastMessage?.parts[1]).toMatchObject({ size: 7 }),
    );
    // A server whose attachments were taken away shows the rest.
    expect(toWireMessage(stored!, undefined).parts).toEqual([{ type: 'text', text: 'look' }]);
  });

  it('that a message lets go of are told, by an edit and by a deletion; a failure there is only logged', async () => {
    const attachments = makeAttachments();
    const ada = connect('ada', attachments);
    await ada.ask(send('m1', [...withFile, { type: 'file', attachmentId: 'a2' }]));
    const key = { requestId: 2, threadId: 't', messageId: 'm1' };
    await ada.ask({ type: 'message.edit', ...key, parts: withFile });
    expect(attachments.let).toEqual([{ threadId: 't', messageId: 'm1', attachmentIds: ['a2'] }]);
    attachments.released = () => Promise.reject(new Error('disk'));
    await ada.ask({ type: 'message.delete', ...key });
    expect(ada.of('message.saved').at(-1)?.message.parts).toEqual([]);
    expect(logged).toHaveBeenCalledOnce();
  });

  it('links are given to who may read the thread', async () => {
    await storage.upsertThread({
      id: 'closed',
      title: '',
      access: 'members',
      members: [{ id: 'ada', role: 'readonly' }],
    });
    const link = (threadId: string, attachmentId = 'a1'): SessionFrame => ({
      type: 'attachment.link',
      requestId: 1,
      threadId,
      attachmentId,
    });
    const ada = connect('ada', makeAttachments());
    await ada.ask(link('closed'));
    expect(ada.of('attachment.linked')).toEqual([
      { type: 'attachment.linked', requestId: 1, url: '/next', urlExpiresAt: 100 },
    ]);
    await expect(ada.ask(link('closed', 'a2'))).rejects.toEqual(refusal('attachment_not_found'));
    const eve = connect('eve', makeAttachments());
    await expect(eve.ask(link('closed'))).rejects.toEqual(refusal('thread_forbidden'));
  });

  it('too many long names for one frame are refused', async () => {
    const attachments = makeAttachments();
    attachments.sign = (part) => ({ ...sign(part), url: 'x'.repeat(2_000) });
    const parts = Array.from({ length: 40 }, (_, n) => ({ type: 'file' as const, attachmentId: `a${n}` }));
    await expect(connect('ada', attachments).ask(send('m1', parts))).rejects.toEqual(refusal('message_too_long'));
  });
});

it('G3 a message with every reaction there can be still fits a frame: names are left out, counts are not', () => {
  const userIds = Array.from({ length: MAX_REACTION_USERS }, (_, n) => `${'u'.repeat(120)}-${n}`);
  const message: StoredMessage = {
    id: 'm1',
    threadId: 't',
    seq: 1,
    version: 9,
    author: { id: 'ada', name: 'Ada', avatarUrl: null },
    parts: [{ type: 'text', text: '\u0001'.repeat(MAX_TEXT_LENGTH) }],
    createdAt: 1,
    editedAt: null,
    deletedAt: null,
    reactions: Array.from({ length: MAX_REACTIONS }, (_, n) => ({ emoji: `👍${n}`, count: 500, userIds })),
  };
  const long = toWireMessage(message, undefined);
  expect(sizeOf({ type: 'message.updated', message: long })).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  expect(long.reactions.map((each) => each.count)).toEqual(Array.from({ length: MAX_REACTIONS }, () => 500));
  const short = toWireMessage({ ...message, parts: [] }, undefined);
  expect(sizeOf({ type: 'message.updated', message: short })).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  expect(short.reactions[0]?.userIds).toEqual(userIds.slice(0, 20));
  const few = { ...message, reactions: [{ emoji: '👍', count: 1, userIds: ['ada'] }] };
  expect(toWireMessage(few, undefined).reactions).toEqual(few.reactions);
});

it('a cursor of the longest id there is fits the protocol, and comes back as it was', () => {
  for (const id of ['ü'.repeat(128), '漢'.repeat(128), '😀'.repeat(64), 'a']) {
    const cursor = encodeCursor('threads', { time: Number.MAX_SAFE_INTEGER, id });
    expect(cursor.length).toBeLessThanOrEqual(512);
    expect(decodeCursor('threads', cursor)).toEqual({ time: Number.MAX_SAFE_INTEGER, id });
    expect(() => decodeCursor('members', cursor)).toThrow(refusal('bad_request'));
  }
});
