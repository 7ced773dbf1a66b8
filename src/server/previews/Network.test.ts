import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createResolver } from './Network.ts';

const A = 1;
const AAAA = 28;

/** A name server of its own (RFC 1035): `both.example` has addresses of both kinds, `four.example` of one, nothing else has any. */
let server: Socket;
let asked: string[];
const RECORDS: Record<string, Record<number, Buffer>> = {
  'both.example': {
    [A]: Buffer.from([93, 184, 215, 14]),
    [AAAA]: Buffer.from('26062800021fcb07682080daaf6b8b2c', 'hex'),
  },
  'four.example': { [A]: Buffer.from([10, 0, 0, 1]) },
};

function answer(query: Buffer): Buffer {
  const labels: string[] = [];
  let at = 12;
  while (query[at] !== 0) {
    const length = query[at]!;
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(12, at + 5);
  const name = labels.join('.').toLowerCase();
  const type = query.readUInt16BE(at + 1);
  asked.push(name);
  const data = RECORDS[name]?.[type];
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(RECORDS[name] ? 0x8180 : 0x8183, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data ? 1 : 0, 6);
  if (!data) return Buffer.concat([head, question]);
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(type, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(60, 6);
  record.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, question, record, data]);
}

beforeEach(async () => {
  asked = [];
  server = createSocket('udp4');
  server.on('message', (query, { port, address }) => server.send(answer(query), port, address));
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => server.close());

const resolve = (name: string) => createResolver([`127.0.0.1:${server.address().port}`])(name);

it('a name has the addresses that a name server gives it, of both kinds or one', async () => {
  expect(await resolve('both.example')).toEqual([
    { address: '93.184.215.14', family: 4 },
    { address: '2606:2800:21f:cb07:6820:80da:af6b:8b2c', family: 6 },
  ]);
  expect(await resolve('four.example')).toEqual([{ address: '10.0.0.1', family: 4 }]);
});

it('one that has none is refused, and asked as it is: no search domain is put behind it', async () => {
  await expect(resolve('none.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  expect(new Set(asked)).toEqual(new Set(['none.example']));
});
