import type { MessageEntry } from '../../src/client/index.ts';

/** Looks at every state that a client shows, for what must never be seen. */
export class Watch {
  /** Every message that was ever shown as stored, with its place. */
  readonly shown = new Map<string, number>();
  readonly violations: string[] = [];
  readonly #versions = new Map<string, number>();
  readonly #entries = new WeakSet<MessageEntry>();

  look(threadId: string, messages: readonly MessageEntry[]): void {
    let last = 0;
    let unsent = false;
    const ids = new Set<string>();
    for (const entry of messages) {
      const { message, delivery } = entry;
      if (ids.has(message.id)) this.#note(`${threadId}: ${message.id} is shown twice`);
      ids.add(message.id);
      if (delivery !== 'sent') {
        unsent = true;
        continue;
      }
      if (unsent) this.#note(`${threadId}: ${message.id} stands after an unsent one`);
      if (message.seq <= last) this.#note(`${threadId}: ${message.id} (${message.seq}) stands after ${last}`);
      last = message.seq;
      if (this.#entries.has(entry)) continue;
      this.#entries.add(entry);
      this.#remember(threadId, entry);
    }
  }

  #remember(threadId: string, { message }: MessageEntry): void {
    const { id, seq, version = seq } = message;
    const before = this.shown.get(id);
    if (before !== undefined && before !== seq) this.#note(`${threadId}: ${id} moved from ${before} to ${seq}`);
    this.shown.set(id, seq);
    const known = this.#versions.get(id) ?? 0;
    if (version < known) this.#note(`${threadId}: ${id} went back from version ${known} to ${version}`);
    this.#versions.set(id, Math.max(version, known));
  }

  #note(violation: string): void {
    if (this.violations.length < 20) this.violations.push(violation);
  }
}
