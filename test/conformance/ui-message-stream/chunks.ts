import type { Random } from '../../support/Random.ts';
import type { AnswerChunk } from '../../../src/protocol/index.ts';

export type SdkVersion = 6 | 7;

const WORDS = ['Hello ', '**bold', '** ', '\n\n', '| a |', '`x`', '—', '👩‍👩‍👧', '\u0000', '"', '\\', 'مرحبا ', ''];
const INPUTS = [
  { city: 'Berlin', days: 3, exact: true, near: null, tags: ['a', 'b\n"c"'], deep: { n: -1.5e3, s: '\u00e9👍\\u' } },
  [1, [2, [{}]], '', false],
  'just a text',
  12.5,
  {},
];
const METADATA = [{ model: 'm' }, { usage: { input: 1 } }, { usage: { output: 2 }, model: 'n' }, { list: [1] }, {}];

/** A stream of chunks as a server of the AI SDK may send it: any number of parts and steps, in any order that its reader takes. */
export function randomChunks(random: Random, version: SdkVersion): AnswerChunk[] {
  const chunks: AnswerChunk[] = [];
  const texts = { text: new Set<string>(), reasoning: new Set<string>() };
  const writing = new Map<string, { rest: string; start: AnswerChunk; encoded: boolean }>();
  const waiting = new Map<string, AnswerChunk>();
  const approvals: string[] = [];
  let ids = 0;
  const add = (chunk: AnswerChunk) => void chunks.push(chunk);
  const metadata = () => (random.chance(0.3) ? { messageMetadata: random.pick(METADATA) } : {});
  const provider = () => (random.chance(0.15) ? { providerMetadata: { vendor: { n: random.below(9) } } } : {});
  const one = <T>(from: Iterable<T>): T | undefined => {
    const all = [...from];
    return all.length > 0 ? random.pick(all) : undefined;
  };
  const end = (kind: 'text' | 'reasoning', id: string) => {
    add({
      type: `${kind}-end`,
      id,
      ...provider(),
      ...(version === 7 && random.chance(0.2) && { citations: [{ source: 's' }] }),
    });
    texts[kind].delete(id);
  };
  const write = (kind: 'text' | 'reasoning') => {
    const id = one(texts[kind]);
    if (id === undefined || random.chance(0.2)) {
      // An id may be used again once its part is closed, and looks like a name that every object has.
      const next = random.chance(0.2) ? 'constructor' : `${kind}-${ids++}`;
      if (texts[kind].has(next)) return;
      texts[kind].add(next);
      return add({ type: `${kind}-start`, id: next, ...provider() });
    }
    if (random.chance(0.2)) return end(kind, id);
    add({ type: `${kind}-delta`, id, delta: random.pick(WORDS), ...provider() });
  };
  const available = (id: string, { start }: { start: AnswerChunk }) => {
    const { toolName, dynamic } = start;
    const call = { toolCallId: id, toolName, input: random.pick(INPUTS), ...(dynamic === true && { dynamic }) };
    writing.delete(id);
    const wrong = random.chance(0.15) && (version === 7 || dynamic === true);
    if (wrong) return add({ type: 'tool-input-error', ...call, errorText: 'no such city', ...provider() });
    add({ type: 'tool-input-available', ...call, ...provider() });
    waiting.set(id, start);
  };
  const tool = () => {
    const id = one(writing.keys());
    const call = id === undefined ? undefined : writing.get(id);
    if (id === undefined || !call || random.chance(0.2)) {
      const next = `call-${ids++}`;
      const encoded = random.chance(0.2);
      const start: AnswerChunk = {
        type: 'tool-input-start',
        toolCallId: next,
        toolName: random.pick(['weather', 'search']),
        ...(random.chance(0.4) && { dynamic: true }),
        ...(random.chance(0.3) && { title: 'Looking' }),
        ...(random.chance(0.2) && { providerExecuted: true }),
        ...(random.chance(0.2) && { toolMetadata: { by: 'x' } }),
        ...(encoded && { inputEncoding: 'text' }),
        ...provider(),
      };
      if (random.chance(0.2)) return available(next, { start });
      writing.set(next, { rest: JSON.stringify(random.pick(INPUTS)), start, encoded });
      return add(start);
    }
    if (call.rest === '' || random.chance(0.1)) return available(id, call);
    const piece = call.rest.slice(0, 1 + random.below(9));
    call.rest = call.rest.slice(piece.length);
    add({ type: 'tool-input-delta', toolCallId: id, inputTextDelta: piece });
  };
  const result = () => {
    const id = one(waiting.keys());
    if (id === undefined) return;
    const last = () => waiting.delete(id);
    const roll = random.below(10);
    if (roll < 4) {
      const preliminary = random.chance(0.4);
      add({
        type: 'tool-output-available',
        toolCallId: id,
        output: random.pick(INPUTS),
        ...(preliminary && { preliminary }),
        ...provider(),
      });
      if (!preliminary) last();
    } else if (roll < 6) {
      add({ type: 'tool-output-error', toolCallId: id, errorText: 'timed out', ...provider() });
      last();
    } else if (roll < 8) {
      const approvalId = `approval-${ids++}`;
      const more =
        version === 7 && random.chance(0.5) ? { reason: 'costs money', isAutomatic: random.chance(0.5) } : {};
      add({ type: 'tool-approval-request', approvalId, toolCallId: id, ...more });
      approvals.push(approvalId);
    } else if (roll < 9) {
      add({ type: 'tool-output-denied', toolCallId: id });
      last();
    } else if (version === 7 && approvals.length > 0) {
      const approvalId = approvals.at(-1)!;
      // Answered only while the call that it belongs to still holds the question.
      approvals.length = 0;
      if (chunks.filter(({ type }) => type === 'tool-approval-request').at(-1)?.approvalId !== approvalId) return;
      add({
        type: 'tool-approval-response',
        approvalId,
        approved: random.chance(0.5),
        ...(random.chance(0.5) && { reason: 'ok' }),
      });
    }
  };
  const other = () => {
    const id = `s${random.below(3)}`;
    const roll = random.below(version === 7 ? 9 : 7);
    if (roll === 0)
      add({ type: 'source-url', sourceId: id, url: 'https://example.com', ...(random.chance(0.5) && { title: 'T' }) });
    else if (roll === 1) add({ type: 'source-document', sourceId: id, mediaType: 'application/pdf', title: 'D' });
    else if (roll === 2) add({ type: 'file', url: 'data:text/plain,x', mediaType: 'text/plain' });
    else if (roll < 6) {
      const kept = random.chance(0.7) ? { id } : {};
      add({
        type: random.pick(['data-chart', 'data-x']),
        ...kept,
        data: random.pick(INPUTS),
        ...(random.chance(0.2) && { transient: true }),
      });
    } else if (roll === 6) add({ type: 'message-metadata', messageMetadata: random.pick(METADATA) });
    else if (roll === 7) add({ type: 'custom', kind: 'vendor.thing' });
    else add({ type: 'reasoning-file', url: 'data:text/plain,x', mediaType: 'text/plain' });
  };
  const step = () => {
    for (const kind of ['text', 'reasoning'] as const) for (const id of [...texts[kind]]) end(kind, id);
    for (const [id, call] of [...writing]) available(id, call);
    if (version === 7 && random.chance(0.15)) {
      waiting.clear();
      approvals.length = 0;
      return add({ type: 'reset-step' });
    }
    if (random.chance(0.8)) add({ type: 'finish-step' });
    add({ type: 'start-step' });
  };

  add({ type: 'start', ...(random.chance(0.5) && { messageId: 'm1' }), ...metadata() });
  if (random.chance(0.8)) add({ type: 'start-step' });
  for (let left = random.below(60); left > 0; left -= 1) {
    const roll = random.below(100);
    if (roll < 40) write('text');
    else if (roll < 52) write('reasoning');
    else if (roll < 72) tool();
    else if (roll < 84) result();
    else if (roll < 95) other();
    else step();
  }
  if (random.chance(0.8)) {
    for (const kind of ['text', 'reasoning'] as const) for (const id of [...texts[kind]]) end(kind, id);
  }
  if (random.chance(0.9)) add({ type: 'finish', ...(random.chance(0.5) && { finishReason: 'stop' }), ...metadata() });
  // The SDK's reader shows a step that begins only with the next chunk.
  add({ type: 'message-metadata', messageMetadata: { ended: true } });
  return chunks;
}
