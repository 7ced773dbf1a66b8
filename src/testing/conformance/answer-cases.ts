import { AnswerParts } from '../../protocol/answers/index.ts';
import { textOf, type Message } from '../../protocol/index.ts';
import { check, type BackendProbe } from './BackendProbe.ts';
import type { Case } from './Case.ts';

/** Sends, and waits for the answer to begin. */
async function ask(probe: BackendProbe, text: 'short' | 'long'): Promise<{ to: string; answerId: string }> {
  await probe.connect();
  await probe.session.openThread(probe.stage.threadId);
  const { id: to } = await probe.send(text);
  await probe.until('an answer to the message', () => probe.answerTo(to) !== undefined);
  return { to, answerId: probe.answerTo(to)!.id };
}

const statusOf = (message: Message | undefined) => message?.answer?.status;

async function toEnd(probe: BackendProbe, to: string): Promise<Message> {
  await probe.until('the end of the answer', () => (statusOf(probe.answerTo(to)) ?? 'streaming') !== 'streaming');
  return probe.answerTo(to)!;
}

/** What a client makes of the chunks of an answer's newest attempt. */
function grown(probe: BackendProbe, answerId: string): { text: string; at: number } {
  let parts = new AnswerParts();
  let place = { run: 0, at: 0 };
  for (const event of probe.events) {
    if (event.type === 'message.created' || event.type === 'message.updated') {
      const { id, answer, parts: stored } = event.message;
      const isFurther = answer && (answer.run > place.run || (answer.run === place.run && answer.at > place.at));
      if (id !== answerId || answer?.status !== 'streaming' || !isFurther) continue;
      place = { run: answer.run, at: answer.at };
      parts = new AnswerParts(stored, answer.open);
    } else if (event.type === 'answer.streamed' && event.messageId === answerId && event.run === place.run) {
      check(event.at <= place.at, `Chunk ${place.at} is missing: the next frame begins with ${event.at}.`);
      for (const chunk of event.chunks.slice(place.at - event.at)) parts.add(chunk);
      place.at = Math.max(place.at, event.at + event.chunks.length);
    }
  }
  return { text: textOf([...parts.parts]), at: place.at };
}

export const answerCases: Case[] = [
  {
    chapter: 'answer',
    name: 'lets an answer grow chunk by chunk behind its message, and ends with what it grew to',
    async run(probe) {
      const { to, answerId } = await ask(probe, 'short');
      const end = await toEnd(probe, to);
      check(end.id === answerId, 'The answer ended under another id.');
      check(
        statusOf(end) === 'done',
        `It ended as ${statusOf(end) ?? 'nothing'} (${end.answer?.error?.code ?? 'no error'}).`,
      );
      check(end.author.id !== probe.stage.userId, 'The answer’s author is the person.');
      check(end.seq > (probe.told(to)?.seq ?? 0), 'The answer stands before what it answers.');
      check(textOf(end.parts).includes('short'), `It says ${JSON.stringify(textOf(end.parts))}.`);
      const { text } = grown(probe, answerId);
      check(textOf(end.parts).startsWith(text), `What it grew to is not what it ended as: ${JSON.stringify(text)}.`);
      check(end.version > end.seq, 'Its end took no place in the log.');
    },
  },
  {
    chapter: 'answer',
    name: 'stops an answer when it is told to, and keeps what there is of it',
    async run(probe) {
      const { to, answerId } = await ask(probe, 'long');
      await probe.until('the first words of the answer', () => grown(probe, answerId).text !== '');
      const { threadId } = probe.stage;
      check(probe.session.stopAnswer !== undefined, 'It has no stopAnswer().');
      const stopped = await probe.within('stopAnswer()', probe.session.stopAnswer(threadId, answerId));
      check(statusOf(stopped) === 'stopped', `It is ${statusOf(stopped) ?? 'no answer'}.`);
      check(textOf(stopped.parts) !== '', 'What it had said is gone.');
      await toEnd(probe, to);
      const { messages } = await probe.session.openThread(threadId);
      check(statusOf(messages.find(({ id }) => id === answerId)) === 'stopped', 'It is not kept as stopped.');
    },
  },
  {
    chapter: 'answer',
    name: 'gives an answer anew, as its next attempt',
    async run(probe) {
      const { to, answerId } = await ask(probe, 'short');
      const { answer } = await toEnd(probe, to);
      check(probe.session.retryAnswer !== undefined, 'It has no retryAnswer().');
      await probe.within('retryAnswer()', probe.session.retryAnswer(probe.stage.threadId, answerId));
      const isNext = () => (probe.answerTo(to)?.answer?.run ?? 0) > (answer?.run ?? 0);
      await probe.until('the next attempt', isNext);
      const end = await toEnd(probe, to);
      check(statusOf(end) === 'done', `It ended as ${statusOf(end) ?? 'nothing'}.`);
      check(textOf(end.parts).split('short').length === 2, `It says ${JSON.stringify(textOf(end.parts))}.`);
    },
  },
  {
    chapter: 'answer',
    name: 'gives a growing answer with all that there is of it to who opens the conversation or asks for it',
    async run(probe) {
      const { answerId } = await ask(probe, 'long');
      await probe.until('the first words of the answer', () => grown(probe, answerId).text !== '');
      const { text } = grown(probe, answerId);
      const { threadId } = probe.stage;
      const { messages } = await probe.within('openThread()', probe.session.openThread(threadId));
      const page = messages.find(({ id }) => id === answerId);
      check(page !== undefined && textOf(page.parts).startsWith(text), 'The page lacks what the answer said so far.');
      check(page.answer?.open !== undefined, 'A growing answer says nothing of what is open in it.');
      const resumed = await probe.within('resumeAnswer()', probe.session.resumeAnswer!(threadId, answerId));
      check(textOf(resumed.parts).startsWith(text), 'resumeAnswer() lacks what the answer said so far.');
      check((resumed.answer?.at ?? 0) >= grown(probe, answerId).at - 1, 'It is behind what was told.');
    },
  },
];
