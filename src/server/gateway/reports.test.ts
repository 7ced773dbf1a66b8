import { afterEach, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestSocket } from '../../../test/support/socket.ts';
import { MAX_FRAME_BYTES, MAX_REPORTED, MAX_TEXT_LENGTH } from '../../protocol/index.ts';
import type { ChatServerOptions } from '../index.ts';

const many = 1_000_000;
let server: TestServer;
afterEach(() => server.stop());

async function start(options: Partial<ChatServerOptions> = {}): Promise<void> {
  server = await startTestServer({
    limits: { frameBurst: many, framesPerSecond: many, userFrameBurst: many, userFramesPerSecond: many },
    ...options,
  });
  const members = [{ id: 'boss', role: 'owner' as const }, { id: 'help', role: 'agent' as const }, 'ada', 'eve'];
  await server.chat.threads.upsert({ id: 'room', title: 'Room', members });
}

const report = (socket: TestSocket, messageId: string, rest: object = {}) =>
  socket.request({ type: 'message.report', threadId: 'room', messageId, reason: 'abuse', ...rest }, 'request.done');
const list = (socket: TestSocket) => socket.request({ type: 'report.list', threadId: 'room' }, 'report.listed');
const subscribe = (socket: TestSocket) =>
  socket.request({ type: 'thread.subscribe', threadId: 'room' }, 'thread.subscribed');
const refused = (socket: TestSocket, frame: { type: string; [field: string]: unknown }) =>
  socket.request({ threadId: 'room', ...frame }, 'request.refused').then((answer) => answer.error.code);

const untaken = ({ frames }: TestSocket) => frames.filter(({ type }) => type === 'report.updated');

describe('reports', () => {
  it('are heard by who watches over the thread, and by nobody else', async () => {
    await start();
    const people = await Promise.all(['boss', 'help', 'ada', 'eve'].map((id) => server.connect(id)));
    const [boss, help, ada, eve] = people as [TestSocket, TestSocket, TestSocket, TestSocket];
    await eve.sendText('room', 'You fools', 'm1');
    await Promise.all(people.map(subscribe));
    await report(ada, 'm1', { note: 'Rude' });
    expect(await boss.take('report.updated')).toEqual({ type: 'report.updated', threadId: 'room', open: 1 });
    expect(await help.take('report.updated')).toMatchObject({ open: 1 });
    const listed = await list(help);
    expect(listed).toMatchObject({
      open: 1,
      reported: [
        { message: { id: 'm1' }, count: 1, reports: [{ user: { id: 'ada' }, reason: 'abuse', note: 'Rude' }] },
      ],
    });
    // What comes next is the first that the others hear.
    await boss.sendText('room', 'Calm down', 'm2');
    expect(untaken(ada)).toEqual([]);
    expect(await eve.take('message.created')).toMatchObject({ message: { id: 'm2' } });
    expect(untaken(eve)).toEqual([]);
    expect(await refused(eve, { type: 'report.list' })).toBe('action_forbidden');
    expect(await refused(ada, { type: 'report.dismiss', messageId: 'm1' })).toBe('action_forbidden');
  });

  it('are decided on by letting the message stay, or by deleting it', async () => {
    await start();
    const [boss, ada, eve] = (await Promise.all(['boss', 'ada', 'eve'].map((id) => server.connect(id)))) as [
      TestSocket,
      TestSocket,
      TestSocket,
    ];
    await eve.sendText('room', 'one', 'm1');
    await eve.sendText('room', 'two', 'm2');
    await report(ada, 'm1');
    await report(ada, 'm2');
    await subscribe(boss);
    await boss.request({ type: 'report.dismiss', threadId: 'room', messageId: 'm1' }, 'request.done');
    expect(await boss.take('report.updated')).toMatchObject({ open: 1 });
    await boss.request({ type: 'message.delete', threadId: 'room', messageId: 'm2' }, 'message.saved');
    expect(await boss.take('report.updated')).toMatchObject({ open: 0 });
    expect(await list(boss)).toMatchObject({ reported: [], open: 0 });
    // A message that nobody reported is deleted without a word about reports.
    await eve.sendText('room', 'three', 'm3');
    await boss.request({ type: 'message.delete', threadId: 'room', messageId: 'm3' }, 'message.saved');
    expect(untaken(boss)).toEqual([]);
    expect(await refused(ada, { type: 'message.report', messageId: 'm2', reason: 'spam' })).toBe('message_not_found');
  });

  it('one’s own message, one that is not there and a reason that is none are refused', async () => {
    await start();
    const ada = await server.connect('ada');
    await ada.sendText('room', 'mine', 'm1');
    expect(await refused(ada, { type: 'message.report', messageId: 'm1', reason: 'spam' })).toBe('bad_request');
    expect(await refused(ada, { type: 'message.report', messageId: 'none', reason: 'spam' })).toBe('message_not_found');
    expect(await refused(ada, { type: 'message.report', messageId: 'm1', reason: 'boring' })).toBe('bad_request');
    const note = 'x'.repeat(1_001);
    expect(await refused(ada, { type: 'message.report', messageId: 'm1', reason: 'spam', note })).toBe('bad_request');
  });

  it('the app is told of each, and what it throws harms nobody', async () => {
    const onReport = vi.fn(() => Promise.reject(new Error('mail is down')));
    const logged: unknown[] = [];
    const logger = { error: (message: string) => void logged.push(message), warn: () => {}, info: () => {} };
    await start({ onReport, logger });
    const [ada, eve] = await Promise.all(['ada', 'eve'].map((id) => server.connect(id)));
    await eve!.sendText('room', 'You fools', 'm1');
    await report(ada!, 'm1', { reason: 'other', note: 'See above' });
    await vi.waitFor(() => expect(logged).toContain('onReport() failed.'));
    expect(onReport).toHaveBeenCalledExactlyOnceWith({
      threadId: 'room',
      message: expect.objectContaining({
        id: 'm1',
        author: expect.objectContaining({ id: 'eve' }) as object,
      }) as object,
      user: expect.objectContaining({ id: 'ada' }) as object,
      reason: 'other',
      note: 'See above',
    });
    expect((await ada!.sendText('room', 'Still here', 'm2')).message.id).toBe('m2');
  });

  it('an app that takes its time over one holds up nothing', async () => {
    await start({ onReport: () => new Promise(() => {}) });
    const [ada, eve] = await Promise.all(['ada', 'eve'].map((id) => server.connect(id)));
    await eve!.sendText('room', 'You fools', 'm1');
    await report(ada!, 'm1');
    expect((await ada!.sendText('room', 'Next', 'm2')).message.id).toBe('m2');
  });

  it('many long ones fit a frame, and all are counted', async () => {
    await start();
    const [boss, ada, eve] = await Promise.all(['boss', 'ada', 'eve'].map((id) => server.connect(id)));
    for (let n = 0; n < MAX_REPORTED + 3; n += 1) {
      await eve!.sendText('room', 'x'.repeat(MAX_TEXT_LENGTH), `m${n}`);
      await report(ada!, `m${n}`, { note: '\u0000'.repeat(1_000) });
    }
    const { reported, open } = await list(boss!);
    expect(open).toBe(MAX_REPORTED + 3);
    expect(reported.length).toBeGreaterThan(0);
    expect(boss!.largestFrame).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  });
});
