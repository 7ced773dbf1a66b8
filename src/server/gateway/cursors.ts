import { ChatError } from '../../protocol/index.ts';
import { isId } from '../token/claims.ts';

export type CursorKind = 'threads' | 'members' | 'search' | 'inbox';

/** Where a page ended: the time that the list is sorted by, and the id that tells two of the same time apart. */
export interface CursorPosition {
  time: number;
  id: string;
}

/** UTF-16, because an id of 128 characters must fit a cursor of 512, whichever script it is in. */
export function encodeCursor(kind: CursorKind, { time, id }: CursorPosition): string {
  return Buffer.from(`${kind[0]}${time}:${id}`, 'utf16le').toString('base64url');
}

/** @throws {ChatError} `bad_request` for what {@link encodeCursor} did not make for this kind of list */
export function decodeCursor(kind: CursorKind, cursor: string): CursorPosition {
  const text = Buffer.from(cursor, 'base64url').toString('utf16le');
  const [, time = '', id] = /^.(\d{1,16}):(.*)$/su.exec(text) ?? [];
  const position = { time: Number(time), id: id ?? '' };
  const isGood = Number.isSafeInteger(position.time) && isId(position.id) && encodeCursor(kind, position) === cursor;
  if (!isGood) throw new ChatError('bad_request', 'The cursor is not from an answer to this request; ask without one.');
  return position;
}
