import type { ClientReport, Row } from './types.ts';

/** What was found wrong in a run: empty when nothing was lost, doubled, reordered or made up. */
export function verify(storage: ReadonlyMap<string, readonly Row[]>, clients: readonly ClientReport[]): string[] {
  return [
    ...checkStorage(storage),
    ...checkOrigin(storage, clients),
    ...clients.flatMap((client) => [
      ...client.violations.map((violation) => `${client.userId} saw: ${violation}`),
      ...checkWritten(storage, client),
      ...checkPromises(storage, client),
      ...checkCopies(storage, client),
    ]),
  ];
}

/** The log itself: each id once, places ascending. */
function checkStorage(storage: ReadonlyMap<string, readonly Row[]>): string[] {
  const findings: string[] = [];
  const ids = new Set<string>();
  for (const [threadId, rows] of storage) {
    let last = 0;
    const versions = new Set<number>();
    for (const { id, seq, version } of rows) {
      if (ids.has(id)) findings.push(`storage: ${id} exists twice`);
      if (seq <= last) findings.push(`storage: ${threadId} has ${seq} after ${last}`);
      if (version < seq) findings.push(`storage: ${id} has version ${version}, older than its place ${seq}`);
      if (versions.has(version)) findings.push(`storage: ${threadId} has two changes at place ${version}`);
      ids.add(id);
      versions.add(version);
      last = seq;
    }
  }
  return findings;
}

/** Nothing from nowhere. */
function checkOrigin(storage: ReadonlyMap<string, readonly Row[]>, clients: readonly ClientReport[]): string[] {
  const written = new Map(clients.flatMap(({ userId, written }) => written.map(([id]) => [id, userId])));
  return [...storage.values()].flat().flatMap(({ id, author }) => {
    if (!written.has(id)) return [`storage: nobody wrote ${id}`];
    return written.get(id) === author ? [] : [`storage: ${id} is ${author}’s, but ${written.get(id)} wrote it`];
  });
}

/** Each message that a client wrote is stored once, as it was last meant, in the order of writing; or visibly is not. */
function checkWritten(storage: ReadonlyMap<string, readonly Row[]>, client: ClientReport): string[] {
  const findings: string[] = [];
  const rows = byId(storage);
  const unsent = new Set(client.unsent.map(([id]) => id));
  const refused = new Set(client.unsaved.map((line) => line.split(' ', 1)[0]));
  const lastSeq = new Map<string, number>();
  for (const [id, { threadId, text, deleted }] of client.written) {
    const found = rows.get(id);
    if (!found) {
      if (!unsent.has(id)) findings.push(`${client.userId}: ${id} is neither stored nor visibly unsent`);
      continue;
    }
    if (unsent.has(id)) findings.push(`${client.userId}: ${id} is stored, but shown as unsent`);
    if (found.threadId !== threadId) findings.push(`${client.userId}: ${id} is stored in another thread`);
    if (found.row.seq < (lastSeq.get(threadId) ?? 0)) findings.push(`${client.userId}: ${id} overtook an earlier one`);
    lastSeq.set(threadId, found.row.seq);
    if (refused.has(id)) continue;
    if (found.row.deleted !== deleted || found.row.text !== text) {
      findings.push(`${client.userId}: ${id} was last to say "${text}", and says "${found.row.text}"`);
    }
  }
  for (const [key, given] of client.reactions) {
    const [id = '', emoji = ''] = key.split(' ');
    const row = rows.get(id)?.row;
    if (!row || row.deleted || refused.has(id)) continue;
    const names = row.reactions.split(', ').find((reaction) => reaction.startsWith(`${emoji} `));
    const stored = names?.split(' ').includes(client.userId) ?? false;
    if (stored !== given) findings.push(`${client.userId}: ${emoji} on ${id} was to be ${given}, and is ${stored}`);
  }
  return findings;
}

/** Whatever the server promised, or a client ever showed as stored, is stored in that very place. */
function checkPromises(storage: ReadonlyMap<string, readonly Row[]>, client: ClientReport): string[] {
  const findings: string[] = [];
  const rows = byId(storage);
  const promises = [
    ...client.acknowledged.map(([id, seq]) => [id, seq, 'acknowledged'] as const),
    ...client.shown.map(([id, seq]) => [id, seq, 'shown'] as const),
  ];
  for (const [id, seq, how] of promises) {
    const row = rows.get(id)?.row;
    if (!row) findings.push(`${client.userId}: ${id} was ${how} at ${seq}, and is lost`);
    else if (row.seq !== seq) findings.push(`${client.userId}: ${id} was ${how} at ${seq}, and is at ${row.seq}`);
  }
  for (const [id, version] of client.changed) {
    const row = rows.get(id)?.row;
    if (!row || row.version < version) findings.push(`${client.userId}: change ${version} of ${id} is lost`);
  }
  return findings;
}

/** Every client holds the whole of every thread as the storage does. */
function checkCopies(storage: ReadonlyMap<string, readonly Row[]>, client: ClientReport): string[] {
  return client.threads.flatMap(([threadId, rows]) => {
    const stored = storage.get(threadId) ?? [];
    const at = Array.from({ length: Math.max(stored.length, rows.length) }).findIndex(
      (_, n) => JSON.stringify(rows[n]) !== JSON.stringify(stored[n]),
    );
    if (at === -1) return [];
    const copy = JSON.stringify(rows[at]);
    return [
      `${client.userId}: ${threadId} differs at row ${at} of ${rows.length}/${stored.length}: ${copy} for ${JSON.stringify(stored[at])}`,
    ];
  });
}

function byId(storage: ReadonlyMap<string, readonly Row[]>): Map<string, { threadId: string; row: Row }> {
  return new Map([...storage].flatMap(([threadId, rows]) => rows.map((row) => [row.id, { threadId, row }])));
}
