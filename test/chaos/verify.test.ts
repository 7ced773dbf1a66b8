import { describe, expect, test } from 'vitest';
import type { ClientReport, Row } from './types.ts';
import { verify } from './verify.ts';

const row = (seq: number, change: Partial<Row> = {}): Row => ({
  id: `m${seq}`,
  seq,
  version: seq,
  author: 'ada',
  text: `ada ${seq}`,
  deleted: false,
  reactions: '',
  ...change,
});

/** A run of one client in which all is well: three messages, the second one reacted to. */
function sound() {
  const rows = [row(1), row(2, { version: 4, reactions: '👍 1 ada' }), row(3)];
  const ada: ClientReport = {
    userId: 'ada',
    written: rows.map(({ id, text }) => [id, { threadId: 't', text, deleted: false }]),
    acknowledged: rows.map(({ id, seq }) => [id, seq]),
    changed: [['m2', 4]],
    reactions: [['m2 👍', true]],
    shown: rows.map(({ id, seq }) => [id, seq]),
    unsent: [],
    unsaved: [],
    violations: [],
    errors: [],
    threads: [['t', structuredClone(rows)]],
    counts: { connections: 1, reconnects: 0, resumes: 0, resumesWithGap: 0, changes: 1 },
  };
  return { rows, ada };
}

const check = ({ rows, ada }: ReturnType<typeof sound>) => verify(new Map([['t', rows]]), [ada]);

describe('what the chaos run would find', () => {
  test('nothing where all is well', () => expect(check(sound())).toEqual([]));

  test.each<[string, RegExp, (run: ReturnType<typeof sound>) => void]>([
    ['an acknowledged message that is lost', /m3 was acknowledged at 3, and is lost/, ({ rows }) => rows.pop()],
    ['one that was shown as stored and is lost', /m3 was shown at 3/, ({ rows }) => rows.pop()],
    [
      'a doubled one',
      /m1 exists twice/,
      ({ rows, ada }) => {
        rows.push(row(5, { id: 'm1' }));
        ada.threads[0]![1].push(row(5, { id: 'm1' }));
      },
    ],
    ['one that nobody wrote', /nobody wrote m2/, ({ ada }) => ada.written.splice(1, 1)],
    ['one under another name', /m1 is ben’s/, ({ rows }) => (rows[0]!.author = 'ben')],
    ['one that vanished without a word', /m3 is neither stored nor visibly unsent/, ({ rows }) => rows.pop()],
    ['one in another place than promised', /m1 was acknowledged at 9/, ({ ada }) => (ada.acknowledged[0]![1] = 9)],
    ['one that overtook an earlier one', /overtook/, ({ ada }) => ada.written.reverse()],
    ['a stored one that its writer is told is not', /shown as unsent/, ({ ada }) => ada.unsent.push(['m1', 'failed'])],
    ['a copy that lacks one', /differs at row 2 of 2\/3/, ({ ada }) => ada.threads[0]![1].pop()],
    ['a copy that differs', /differs at row 0/, ({ ada }) => (ada.threads[0]![1][0]!.version = 2)],
    ['an edit that is lost', /was last to say "new"/, ({ ada }) => (ada.written[0]![1].text = 'new')],
    ['a deletion that is lost', /was last to say/, ({ ada }) => (ada.written[0]![1].deleted = true)],
    ['a reaction that is lost', /was to be true, and is false/, ({ rows }) => (rows[1]!.reactions = '')],
    ['a change that was acknowledged and is lost', /change 5 of m2/, ({ ada }) => (ada.changed[0]![1] = 5)],
    ['two changes in one place', /two changes at place 3/, ({ rows }) => (rows[1]!.version = 3)],
    ['what was seen on the way', /saw: a row twice/, ({ ada }) => ada.violations.push('a row twice')],
  ])('%s', (_, finding, spoil) => {
    const run = sound();
    spoil(run);
    expect(check(run)).toContainEqual(expect.stringMatching(finding));
  });

  test('a message that is visibly unsent is no finding', () => {
    const run = sound();
    run.ada.written.push(['m4', { threadId: 't', text: 'ada 4', deleted: false }]);
    run.ada.unsent.push(['m4', 'failed']);
    expect(check(run)).toEqual([]);
  });
});
