import type { Mention, MessagePart, MessagePartInput } from './message.ts';

export type MentionSpan = { kind: 'text'; text: string } | { kind: 'mention'; text: string; mention: Mention };

const WORD = /[\p{L}\p{N}_]/u;

/** Splits a text at the people whom it mentions: `@` and a mention's label, neither within a word. The longest label goes first. */
export function splitMentions(text: string, mentions: readonly Mention[]): MentionSpan[] {
  const byLength = [...mentions].sort((a, b) => b.label.length - a.label.length);
  const spans: MentionSpan[] = [];
  let from = 0;
  for (let at = text.indexOf('@'); at >= 0 && byLength.length > 0; at = text.indexOf('@', at + 1)) {
    if (at > 0 && WORD.test(text[at - 1] ?? '')) continue;
    const mention = byLength.find(
      ({ label }) => text.startsWith(label, at + 1) && !WORD.test(text[at + 1 + label.length] ?? ''),
    );
    if (!mention) continue;
    if (at > from) spans.push({ kind: 'text', text: text.slice(from, at) });
    from = at + 1 + mention.label.length;
    spans.push({ kind: 'mention', text: text.slice(at, from), mention });
    at = from - 1;
  }
  if (from < text.length) spans.push({ kind: 'text', text: text.slice(from) });
  return spans;
}

/** Those of the mentions that the text holds, each label once. */
export function mentionsIn(text: string, mentions: readonly Mention[]): Mention[] {
  const unique = mentions.filter(({ label }, index) => mentions.findIndex((each) => each.label === label) === index);
  const there = new Set(splitMentions(text, unique).flatMap((span) => (span.kind === 'mention' ? [span.mention] : [])));
  return unique.filter((mention) => there.has(mention));
}

/** Everybody whom a message mentions, part by part. */
export function mentionsOf(parts: readonly (MessagePart | MessagePartInput)[]): Mention[] {
  return parts.flatMap((part) => (part.type === 'text' ? (part.mentions ?? []) : []));
}
