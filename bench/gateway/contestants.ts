import type { DialectName } from './Dialect.ts';

export interface Contestant {
  id: string;
  name: string;
  dialect: DialectName;
  /** `kept`: LatchKit again, for what keeping messages and the rest cost it. */
  kind: 'latchkit' | 'peer' | 'kept';
}

export const LATCHKIT = 'latchkit';
export const BARE_WS = 'bare-ws';
export const SOCKET_IO = 'socket.io';

/** In the order in which they take turns. */
export const contestants: Contestant[] = [
  { id: LATCHKIT, name: 'LatchKit, storage off', dialect: 'latchkit', kind: 'latchkit' },
  { id: BARE_WS, name: 'bare ws', dialect: 'bareWs', kind: 'peer' },
  { id: SOCKET_IO, name: 'socket.io', dialect: 'socketIo', kind: 'peer' },
  { id: 'bare-ws-chat', name: 'bare ws that checks and answers', dialect: 'bareWsChat', kind: 'peer' },
  { id: 'socket.io-chat', name: 'socket.io that checks and answers', dialect: 'socketIoChat', kind: 'peer' },
  {
    id: 'latchkit-list',
    name: 'Storage off, every client with its thread list open, too',
    dialect: 'latchkitWithList',
    kind: 'kept',
  },
  { id: 'latchkit-memory', name: 'SQLite in memory', dialect: 'latchkit', kind: 'kept' },
  { id: 'latchkit-sqlite', name: 'SQLite in a file, synchronous = FULL', dialect: 'latchkit', kind: 'kept' },
  { id: 'latchkit-postgres', name: 'PostgreSQL, synchronous_commit = on', dialect: 'latchkit', kind: 'kept' },
];
