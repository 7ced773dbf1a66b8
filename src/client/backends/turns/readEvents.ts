import { createParser } from 'eventsource-parser';
import { ChatError } from '../../../protocol/index.ts';

export interface TypedEvent {
  type: string;
  [field: string]: unknown;
}

/** Longest event, in UTF-16 code units. */
const MAX_EVENT = 1_048_576;
/** Longest stream, bytes: more than any answer that a page can hold. */
const MAX_BYTES = 16_777_216;

/**
 * The data of a stream of server-sent events, as many as arrived together.
 * @throws {ChatError} `answer_invalid` for what is no such stream, `answer_too_long`, `answer_cut_off`
 */
async function* readEvents(response: Response): AsyncGenerator<string[], void, undefined> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream') || !response.body) {
    void response.body?.cancel().catch(() => {});
    throw new ChatError('answer_invalid', `The server answered with ${type || 'nothing'} in place of an event stream.`);
  }
  let events: string[] = [];
  let tooLong = false;
  const parser = createParser({
    maxBufferSize: MAX_EVENT,
    onEvent: ({ data }) => void events.push(data),
    onError: ({ type: kind }) => (tooLong ||= kind === 'max-buffer-size-exceeded'),
  });
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new ChatError('answer_cut_off', 'The connection broke in the answer.', { cause });
      });
      if (done) return;
      bytes += value.length;
      if (bytes > MAX_BYTES) tooLong = true;
      if (!tooLong) parser.feed(decoder.decode(value, { stream: true }));
      if (tooLong) throw new ChatError('answer_too_long', `An event holds at most ${MAX_EVENT} characters.`);
      if (events.length === 0) continue;
      const arrived = events;
      events = [];
      yield arrived;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/**
 * The events of a stream, each an object with a type. What is good comes, also when what follows it is not.
 * @param end the data that says that no more comes
 * @throws {ChatError} `answer_invalid`, `answer_too_long`, `answer_cut_off`
 */
export async function* readTypedEvents(
  response: Response,
  end?: string,
): AsyncGenerator<TypedEvent[], void, undefined> {
  for await (const events of readEvents(response)) {
    const last = end === undefined ? -1 : events.indexOf(end);
    const typed: TypedEvent[] = [];
    let bad: unknown = null;
    try {
      for (const data of last < 0 ? events : events.slice(0, last)) typed.push(readTyped(data));
    } catch (thrown) {
      bad = thrown;
    }
    if (typed.length > 0) yield typed;
    if (bad !== null) throw bad as Error;
    if (last >= 0) return;
  }
}

function readTyped(data: string): TypedEvent {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw new ChatError('answer_invalid', 'The server’s stream holds something that is not JSON.', { cause });
  }
  if (typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string') {
    return value as TypedEvent;
  }
  throw new ChatError('answer_invalid', 'The server’s stream holds something without a type.');
}
