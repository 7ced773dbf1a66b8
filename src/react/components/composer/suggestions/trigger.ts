/** What is being written at the cursor that a list can help with. */
export interface Trigger {
  kind: 'mention' | 'command';
  /** After the `@` or the `/`. */
  query: string;
  /** Where the mark stands in the text, and where the cursor does. */
  from: number;
  to: number;
}

/** Names have spaces; so long as somebody is found by them, two words are a query. */
const MENTION = /(?:^|[\s(\[{"'«])@([^\s@]{0,40}(?: [^\s@]{0,40})?)$/u;
const COMMAND = /^\/([^\s/]{0,40})$/u;

export function triggerAt(text: string, cursor: number): Trigger | null {
  const before = text.slice(0, cursor);
  const command = COMMAND.exec(before);
  if (command) return { kind: 'command', query: command[1] ?? '', from: 0, to: cursor };
  const query = MENTION.exec(before)?.[1];
  return query === undefined ? null : { kind: 'mention', query, from: cursor - query.length - 1, to: cursor };
}
