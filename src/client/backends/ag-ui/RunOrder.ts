import { ChatError } from '../../../protocol/index.ts';
import type { TypedEvent } from '../turns/readEvents.ts';

/** Something that begins and ends within a run. */
interface Span {
  what: string;
  id: string;
  moment: 'begin' | 'inside' | 'end';
}

function spans(what: string, id: string, [begin, end]: [string, string[]], inside: string[] = []): [string, Span][] {
  return [
    [begin, { what, id, moment: 'begin' }],
    ...inside.map((type): [string, Span] => [type, { what, id, moment: 'inside' }]),
    ...end.map((type): [string, Span] => [type, { what, id, moment: 'end' }]),
  ];
}

const SPANS = new Map<string, Span>([
  ...spans('text', 'messageId', ['TEXT_MESSAGE_START', ['TEXT_MESSAGE_END']], ['TEXT_MESSAGE_CONTENT']),
  ...spans(
    'reasoning message',
    'messageId',
    ['REASONING_MESSAGE_START', ['REASONING_MESSAGE_END']],
    ['REASONING_MESSAGE_CONTENT'],
  ),
  ...spans('reasoning', 'messageId', ['REASONING_START', ['REASONING_END']]),
  ...spans('tool call', 'toolCallId', ['TOOL_CALL_START', ['TOOL_CALL_END']], ['TOOL_CALL_ARGS']),
  ...spans('step', 'stepName', ['STEP_STARTED', ['STEP_FINISHED']]),
  ...spans('subagent', 'subagentRunId', ['SUBAGENT_STARTED', ['SUBAGENT_FINISHED', 'SUBAGENT_ERROR']]),
]);
const ROLES = new Set(['assistant', 'user', 'system', 'developer']);

/** Whether the events of a stream follow each other as AG-UI has it: what begins ends, and nothing goes on that did not begin. One per stream. */
export class RunOrder {
  #run: 'none' | 'open' | 'over' = 'none';
  /** What is open, and whose it is. */
  readonly #open = new Map<string, unknown>();
  readonly #subagents = new Set<unknown>();

  /**
   * @param event one of the long form
   * @throws {ChatError} `answer_invalid`
   */
  check(event: TypedEvent): void {
    const { type } = event;
    if (type === 'RUN_STARTED') this.#begin();
    else if (type === 'RUN_ERROR') this.#run = 'over';
    else if (this.#run !== 'open')
      throw wrong(this.#run === 'none' ? `begins with ${type}` : `has a ${type} after its end`);
    else if (type === 'RUN_FINISHED') this.#finish(event);
    checkShape(event);
    const span = SPANS.get(type);
    if (span) this.#checkSpan(event, span);
  }

  #begin(): void {
    if (this.#run === 'open') throw wrong('begins a run within a run');
    this.#run = 'open';
    this.#open.clear();
    this.#subagents.clear();
  }

  #finish({ outcome }: TypedEvent): void {
    const [open] = this.#open.keys();
    if (open !== undefined) throw wrong(`finishes its run within a ${open}`);
    if (Array.isArray(outcome) || (outcome !== undefined && outcome !== null && typeof outcome !== 'object'))
      throw wrong('has an outcome that is none');
    this.#run = 'over';
  }

  #checkSpan(event: TypedEvent, { what, id, moment }: Span): void {
    const { type, subagentRunId } = event;
    const name = event[id];
    if (typeof name !== 'string') throw wrong(`has a ${type} without a ${id}`);
    // A step is its subagent’s own.
    const key = what === 'step' ? `${what} ${name} of ${String(subagentRunId)}` : `${what} ${name}`;
    if (moment === 'begin') {
      if (this.#open.has(key) || this.#subagents.has(key)) throw wrong(`begins a ${key} twice`);
      this.#open.set(key, subagentRunId);
      if (what === 'subagent') this.#subagents.add(key);
      return;
    }
    if (!this.#open.has(key)) throw wrong(`has a ${type} of a ${key} that is not open`);
    const owner = this.#open.get(key);
    if (subagentRunId !== undefined && subagentRunId !== owner)
      throw wrong(`goes on with a ${key} as another subagent’s`);
    if (moment === 'end') this.#open.delete(key);
  }
}

/** What else makes an event one that nobody can follow. */
function checkShape({ type, role, delta, name }: TypedEvent): void {
  if (type === 'TEXT_MESSAGE_START' && role !== undefined && !ROLES.has(role as string))
    throw wrong('has a text of a role that there is not');
  if (type === 'REASONING_MESSAGE_START' && role !== 'reasoning') throw wrong('has reasoning of another role');
  if (type === 'STATE_DELTA' && !Array.isArray(delta)) throw wrong('has a STATE_DELTA that is no patch');
  if (type === 'SUBAGENT_STARTED' && typeof name !== 'string') throw wrong('has a subagent without a name');
}

function wrong(what: string): ChatError {
  return new ChatError('answer_invalid', `The agent’s stream ${what}.`);
}
