import { ChatError } from '../../../protocol/index.ts';
import type { Item, WidgetAction } from './types.ts';

/** What a person did to an item, as it is told. */
export type Act =
  /** `answered`: the item as it is once the server has it. */
  | { to: 'stream'; type: string; params: object; answered?: Item }
  | { to: 'sync'; type: string; params: object }
  | { to: 'page'; action: WidgetAction };

interface Answers {
  status: 'answered' | 'skipped';
  answers: Record<string, { values: string[]; skipped: boolean }>;
}

/**
 * @param data of a widget, the action with what was filled in as its `payload`; of structured input, `{ status, answers }`
 * @throws {ChatError} `bad_request`
 */
export function readAct(item: Item | undefined, data: unknown): Act {
  if (item?.type === 'structured_input') return answerTo(item, data);
  if (item?.type === 'widget' && isAction(data)) {
    const { type, payload, handler, streaming } = data;
    if (handler === 'client') return { to: 'page', action: data };
    const params = { item_id: item.id, action: { type, payload: payload ?? null } };
    return streaming === false
      ? { to: 'sync', type: 'threads.sync_custom_action', params }
      : { to: 'stream', type: 'threads.custom_action', params };
  }
  throw new ChatError('bad_request', 'Only widgets take actions `{ type, payload }`, and structured input answers.');
}

function answerTo(item: Item, data: unknown): Act {
  if (item.status !== 'pending') throw new ChatError('bad_request', 'This was answered already.');
  if (!isAnswers(data))
    throw new ChatError('bad_request', 'Answers are `{ status, answers: { [inputId]: { values, skipped } } }`.');
  const inputs = (item.inputs as { id: string }[]).map((input) => ({ ...input, answer: data.answers[input.id] }));
  return {
    to: 'stream',
    type: 'threads.add_structured_input',
    params: { item_id: item.id, input: data },
    answered: { ...item, status: data.status, inputs },
  };
}

function isAction(data: unknown): data is WidgetAction {
  return isRecord(data) && typeof data.type === 'string';
}

function isAnswers(data: unknown): data is Answers {
  if (!isRecord(data) || !isRecord(data.answers)) return false;
  if (data.status !== 'answered' && data.status !== 'skipped') return false;
  return Object.values(data.answers).every(
    (each) =>
      isRecord(each) &&
      typeof each.skipped === 'boolean' &&
      Array.isArray(each.values) &&
      each.values.every((value) => typeof value === 'string'),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
