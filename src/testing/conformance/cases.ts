import { textOf, type Message } from '../../protocol/index.ts';
import { answerCases } from './answer-cases.ts';
import { check, fail } from './BackendProbe.ts';
import type { Case } from './Case.ts';

const ids = (messages: readonly Message[]) => messages.map(({ id }) => id).join(', ');
const isAscending = (messages: readonly Message[]) =>
  messages.every(({ seq }, index) => index === 0 || seq > messages[index - 1]!.seq);

const opening: Case[] = [
  {
    chapter: 'open',
    name: 'asks for nothing before it is opened, and is connected once the far side is there',
    async run(probe) {
      await probe.settle();
      check(probe.asked.length === 0, 'A token was asked for before open().');
      await probe.connect();
      const event = probe.events.find(({ type }) => type === 'connected');
      check(
        event?.type !== 'connected' || event.user.id === probe.stage.userId,
        'The event `connected` shows somebody else than the person.',
      );
    },
  },
  {
    chapter: 'open',
    name: 'opens a conversation: its messages in ascending `seq`, and the place up to which it is known',
    async run(probe) {
      const { threadId } = probe.stage;
      await probe.connect();
      const page = await probe.within('openThread()', probe.session.openThread(threadId));
      check(page.thread.id === threadId, `The page is of ${page.thread.id}, not of ${threadId}.`);
      check(isAscending(page.messages), `Messages are not in ascending seq: ${ids(page.messages)}.`);
      check(!page.hasOlder, 'An empty conversation has older messages.');
      const newest = Math.max(0, ...page.messages.map(({ version }) => version));
      check(page.lastSeq >= newest, `lastSeq ${page.lastSeq} is before the version ${newest} of one of its messages.`);
    },
  },
  {
    chapter: 'open',
    name: 'lists conversations, the latest first, with a cursor or null',
    async run(probe) {
      await probe.connect();
      const { threads, nextCursor } = await probe.within('listThreads()', probe.session.listThreads());
      check(nextCursor === null || typeof nextCursor === 'string', 'nextCursor is neither a string nor null.');
      const times = threads.map(({ updatedAt }) => updatedAt);
      check(
        times.every((time, index) => index === 0 || time <= times[index - 1]!),
        'The list is not in the order of updatedAt, the latest first.',
      );
    },
  },
];

const sending: Case[] = [
  {
    chapter: 'send',
    name: 'acknowledges a message with the sender’s id, the person as its author, and a place in the log',
    async run(probe) {
      await probe.connect();
      const { lastSeq } = await probe.session.openThread(probe.stage.threadId);
      const id = probe.newId();
      const message = await probe.send('short', id);
      check(message.id === id, `The message that was sent as ${id} came back as ${message.id}.`);
      check(message.author.id === probe.stage.userId, `Its author is ${message.author.id}.`);
      check(textOf(message.parts) === 'short', `Its text is ${JSON.stringify(textOf(message.parts))}.`);
      check(message.seq > lastSeq, `Its seq ${message.seq} is not behind ${lastSeq}, where the log ended before.`);
      await probe.until('the echo of the message as an event', () => probe.told(id) !== undefined);
      check(probe.told(id)?.seq === message.seq, 'Echo and acknowledgement have another seq.');
    },
  },
  {
    chapter: 'send',
    name: 'stores a message once, however often it is sent with the same id: one after the other, and at once',
    async run(probe) {
      await probe.connect();
      await probe.session.openThread(probe.stage.threadId);
      const id = probe.newId();
      const [first, second] = await Promise.all([probe.send('short', id), probe.send('short', id)]);
      const third = await probe.send('short', id);
      check(first.seq === second.seq && first.seq === third.seq, 'The same id got several places in the log.');
      const { messages } = await probe.session.openThread(probe.stage.threadId);
      const count = messages.filter((message) => message.id === id).length;
      check(count === 1, `The conversation holds it ${count} times.`);
      const created = probe.events.filter(({ type }) => type === 'message.created');
      const echoes = created.filter((event) => event.type === 'message.created' && event.message.id === id);
      check(echoes.length === 1, `It was told ${echoes.length} times as new.`);
    },
  },
  {
    chapter: 'send',
    name: 'gives messages places in the order in which they are acknowledged, none twice',
    async run(probe) {
      await probe.connect();
      await probe.session.openThread(probe.stage.threadId);
      const sent = [await probe.send('short'), await probe.send('short'), await probe.send('short')];
      check(isAscending(sent), `Their places are ${sent.map(({ seq }) => seq).join(', ')}.`);
    },
  },
  {
    chapter: 'send',
    name: 'opens a conversation again from a place with what came or changed since, and nothing else',
    async run(probe) {
      const { threadId } = probe.stage;
      await probe.connect();
      await probe.session.openThread(threadId);
      const before = await probe.send('short');
      await probe.until(
        'the end of what is under way',
        () => probe.answerTo(before.id)?.answer?.status !== 'streaming',
      );
      const { lastSeq } = await probe.session.openThread(threadId);
      const after = await probe.send('short');
      const page = await probe.session.openThread(threadId, { afterSeq: lastSeq });
      if (page.gap) return; // It may say that it cannot tell; the whole is read then.
      check(
        page.messages.some(({ id }) => id === after.id),
        `What came since lacks ${after.id}.`,
      );
      const old = page.messages.filter(({ version }) => version <= lastSeq);
      check(old.length === 0, `What came since ${lastSeq} holds what was known: ${ids(old)}.`);
    },
  },
];

const history: Case[] = [
  {
    chapter: 'history',
    name: 'pages back to the first message: no hole, none twice, and an end',
    async run(probe) {
      const { threadId, count } = probe.stage.history ?? fail('The stage has no `history`.');
      await probe.connect();
      const page = await probe.within('openThread()', probe.session.openThread(threadId));
      let all = page.messages;
      let { hasOlder } = page;
      while (hasOlder) {
        const beforeSeq = all[0]?.seq ?? fail('A page without a message says that there are older ones.');
        const older = await probe.within('loadOlder()', probe.session.loadOlder(threadId, { beforeSeq, limit: 20 }));
        check(older.messages.length > 0, 'A page of older messages is empty, and there are said to be more.');
        check(older.messages.length <= 20, `A page of 20 holds ${older.messages.length}.`);
        check(older.messages.at(-1)!.seq < beforeSeq, 'A page of older messages holds newer ones.');
        all = [...older.messages, ...all];
        hasOlder = older.hasOlder;
      }
      check(isAscending(all), 'The pages joined are not in ascending seq.');
      check(new Set(all.map(({ id }) => id)).size === all.length, 'A message is in two pages.');
      check(all.length === count, `There are ${count} messages, and the pages hold ${all.length}.`);
    },
  },
];

const errors: Case[] = [
  {
    chapter: 'errors',
    name: 'refuses to open a conversation that the person may not read, with `thread_forbidden` or `thread_not_found`',
    async run(probe) {
      const threadId = probe.stage.forbiddenThreadId ?? fail('The stage has no `forbiddenThreadId`.');
      await probe.connect();
      await probe.refused('openThread()', probe.session.openThread(threadId), ['thread_forbidden', 'thread_not_found']);
    },
  },
  {
    chapter: 'errors',
    name: 'tells a signed-out person’s refused token as a closed connection or a refused call, never by throwing',
    async run(_, again) {
      const refusal = Object.assign(new Error('Nobody is signed in.'), { status: 401 });
      const probe = again(() => Promise.reject(refusal));
      probe.open();
      await probe.settle();
      if (probe.states.some(({ status }) => status === 'closed')) {
        const error = probe.states.at(-1)?.error;
        return check(error?.code === 'unauthenticated', `It closed with ${error?.code ?? 'no error'}.`);
      }
      await probe.refused('sendMessage()', probe.send('short'), ['unauthenticated', 'connection_lost']);
    },
  },
];

const tokens: Case[] = [
  {
    chapter: 'token',
    name: 'replaces a token that is refused once, keeps the message, and stores it once',
    async run({ stage }, again) {
      const refused = stage.refusedToken ?? fail('The stage has no `refusedToken`.');
      const probe = again((context) =>
        context.reason === 'initial' ? Promise.resolve({ token: refused, expires_in: 600 }) : stage.fetchToken(context),
      );
      await probe.connect();
      await probe.within('openThread()', probe.session.openThread(stage.threadId));
      const { id } = await probe.send('short');
      check(probe.asked.join() === 'initial,rejected', `Tokens were asked for as: ${probe.asked.join(', ')}.`);
      const count = (await stage.countStored?.(id)) ?? 1;
      check(count === 1, `The far side has the message ${count} times.`);
    },
  },
  {
    chapter: 'token',
    name: 'gives up on a token that is refused fresh from the endpoint, and says so',
    async run({ stage }, again) {
      const refused = stage.refusedToken ?? fail('The stage has no `refusedToken`.');
      let turn = 0;
      // Each is another one, as an endpoint's are.
      const probe = again(() => Promise.resolve({ token: `${refused}${'.x'.repeat(turn++)}`, expires_in: 600 }));
      probe.open();
      const sent = probe.until('the state `connected` or `closed`', () => /connected|closed/.test(probe.status ?? ''));
      await sent;
      if (probe.status !== 'closed') await probe.refused('sendMessage()', probe.send('short'));
      check(probe.asked.filter((reason) => reason === 'rejected').length <= 2, 'It goes on asking for tokens.');
    },
  },
];

const ending: Case[] = [
  {
    chapter: 'end',
    name: 'rejects what is pending when it is closed, and tells nothing afterwards',
    async run(probe) {
      await probe.connect();
      await probe.session.openThread(probe.stage.threadId);
      const pending = probe.send('short');
      probe.session.close();
      const told = [probe.states.length, probe.events.length].join();
      // It may have been answered in the very moment; it may not hang.
      await pending.catch(() => {});
      await probe.settle();
      const now = [probe.states.filter(({ status }) => status !== 'closed').length, probe.events.length].join();
      const before = told.split(',');
      check(Number(now.split(',')[1]) === Number(before[1]), 'Events came after close().');
      check(Number(now.split(',')[0]) <= Number(before[0]), 'A state other than `closed` came after close().');
    },
  },
  {
    chapter: 'end',
    name: 'refuses what is asked after close(), and may be closed twice',
    async run(probe) {
      await probe.connect();
      probe.session.close();
      probe.session.close();
      await probe.refused('openThread() after close()', probe.session.openThread(probe.stage.threadId));
      await probe.refused('sendMessage() after close()', probe.send('short'));
    },
  },
  {
    chapter: 'end',
    name: 'closed while it opens, it does not connect',
    async run(probe) {
      probe.open();
      const before = probe.status;
      probe.session.close();
      await probe.settle();
      check(before === 'connected' || probe.status !== 'connected', 'It connected after close().');
    },
  },
];

export const CASES: readonly Case[] = [
  ...opening,
  ...sending,
  ...history,
  ...errors,
  ...tokens,
  ...answerCases,
  ...ending,
];
