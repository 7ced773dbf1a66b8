import { expect, test } from 'vitest';
import type { Answer, FilePart, Message } from '../../../protocol/index.ts';
import { createFakeMessage } from '../../../testing/index.ts';
import { ENGLISH } from '../../strings.ts';
import { GERMAN } from '../../strings/locales/index.ts';
import { previewText } from './preview-text.ts';

const BEN = { id: 'ben', name: 'Ben', avatarUrl: null };
const GUIDE = { id: 'guide', name: 'Guide', avatarUrl: null };
const file = (filename: string): FilePart => ({
  type: 'file',
  attachmentId: filename,
  mediaType: 'image/png',
  filename,
  size: 1,
  width: null,
  height: null,
  url: '',
  urlExpiresAt: 0,
});
const text = (value: string) => ({ type: 'text' as const, text: value });
const answer = (status: Answer['status'], parts: Message['parts'] = []) =>
  createFakeMessage({ author: GUIDE, parts, answer: { status, to: 'm', run: 1, at: 0, error: null } });

test.each<[string, Message]>([
  ['Ben: Read the docs', createFakeMessage({ author: BEN, parts: [text('**Read** [the docs](https://x.test)')] })],
  ['Ben: See these', createFakeMessage({ author: BEN, parts: [file('a.png'), text('See these')] })],
  ['Ben: a.png, b.png', createFakeMessage({ author: BEN, parts: [file('a.png'), file('b.png')] })],
  ['Ben: This message was deleted', createFakeMessage({ author: BEN, parts: [], deletedAt: 5 })],
  ['Guide: Thinking…', answer('streaming')],
  ['Guide: So far', answer('streaming', [text('So *far*')])],
  ['Guide: Stopped', answer('stopped')],
  ['Guide: The answer could not be finished.', answer('failed')],
  ['Guide: The answer is there.', answer('done')],
  [
    'Guide: Picture',
    answer('done', [{ type: 'data-file', data: { url: 'https://files.example/made', mediaType: 'image/png' } }]),
  ],
  ['Ben joined', createFakeMessage({ author: BEN, parts: [], event: { type: 'member.joined' } })],
  ['You: Hi', createFakeMessage({ author: { ...BEN, id: 'ada' }, parts: [text('Hi')] })],
])('%s', (line, message) => {
  expect(previewText(message, 'ada', ENGLISH)).toBe(line);
});

test('in the reader’s words', () => {
  expect(previewText(answer('streaming'), 'ada', GERMAN)).toBe(`Guide: ${GERMAN.answerThinking}`);
});
