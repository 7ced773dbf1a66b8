import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeEngines, newFile } from '../../../test/support/engines.ts';
import { parseQuery } from '../search/parseQuery.ts';
import type { ChatStorage, SearchPosition } from './ChatStorage.ts';
import { openStorage } from './openStorage.ts';

const text = (value: string) => [{ type: 'text' as const, text: value }];
const RANDOM_QUERIES = 10_000;
/** What means something to one engine or another. */
const SYNTAX = [
  '"',
  "'",
  '*',
  '(',
  ')',
  ':',
  '-',
  '+',
  '^',
  '~',
  'OR',
  'AND',
  'NOT',
  'NEAR(',
  '&',
  '|',
  '!',
  '<->',
  '\\',
  '%',
  '_',
  '{',
  '}',
  ';',
  '--',
  '\u0000',
  '\ud800',
  '東',
  '京都',
  'ada',
  'é',
  'from:',
  ' ',
  '\n',
  '👍',
  "';drop table",
  '::tsquery',
  '$1',
  '?',
];

describeEngines('search', (make) => {
  let storage: ChatStorage;
  let database: string;
  let now = 0;
  beforeEach(async () => {
    now = 1_900_000_000_000;
    database = await make();
    storage = await openStorage(database, { now: () => (now += 1) });
    await storage.upsertThread({ id: 'open', title: 'Open', access: 'open' });
    await storage.upsertThread({ id: 'own', title: 'Own', access: 'members', members: [{ id: 'ada' }, { id: 'ben' }] });
    await storage.upsertThread({ id: 'others', title: 'Others', access: 'members', members: [{ id: 'ben' }] });
  });
  afterEach(() => storage.close());

  const send = (id: string, body: string, threadId = 'open', authorId = 'ada') =>
    storage.appendMessage({ id, threadId, authorId, parts: text(body) });
  const find = async (typed: string, options: { in?: { threadId: string } | { userId: string } } = {}) => {
    const search = { query: parseQuery(typed), in: { userId: 'ada' }, limit: 100, ...options };
    return (await storage.searchMessages(search)).map(({ message }) => message.id);
  };

  it('finds all words, their beginnings, and phrases, the newest first, whatever case and accents', async () => {
    await send('m1', 'Where is the invoice for March?');
    await send('m2', 'The INVOICE is late');
    await send('m3', 'Crème brûlée');
    expect(await find('invoice')).toEqual(['m2', 'm1']);
    expect(await find('inv mar')).toEqual(['m1']);
    expect(await find('"invoice is"')).toEqual(['m2']);
    expect(await find('"is invoice"')).toEqual([]);
    expect(await find('"invoic"')).toEqual([]);
    expect(await find('voice')).toEqual([]);
    expect(await find('creme BRULEE')).toEqual(['m3']);
    expect(await find('brûlée')).toEqual(['m3']);
    expect(await find('')).toEqual([]);
    expect(await find('?!')).toEqual([]);
  });

  it('finds messages that were stored together, each by its own words, the newest first', async () => {
    const said = ['the first parcel', '👍', 'the second parcel', 'something else', 'the third parcel'];
    await Promise.all(said.map((body, index) => send(`m${index}`, body)));
    expect(await find('parcel')).toEqual(['m4', 'm2', 'm0']);
    expect(await find('second')).toEqual(['m2']);
    expect(await find('else')).toEqual(['m3']);
  });

  it('finds Japanese, Chinese, Korean, Thai, Arabic and Hebrew as they are written', async () => {
    await send('ja', '昨日は東京都庁で会議をしました。');
    await send('zh', '我们明天在北京见面吧');
    await send('ko', '내일 회의에서 만나요');
    await send('th', 'ฉันชอบกินข้าวผัด');
    await send('ar', 'السَّلَامُ عليكم');
    await send('he', 'שָׁלוֹם לכולם');
    expect(await find('東京')).toEqual(['ja']);
    expect(await find('京都庁')).toEqual(['ja']);
    expect(await find('会議')).toEqual(['ja']);
    expect(await find('議会')).toEqual([]);
    expect(await find('京')).toEqual(['zh', 'ja']);
    expect(await find('明天 北京')).toEqual(['zh']);
    expect(await find('面')).toEqual(['zh']);
    expect(await find('회의')).toEqual(['ko']);
    expect(await find('ข้าวผัด')).toEqual(['th']);
    expect(await find('السلام')).toEqual(['ar']);
    expect(await find('שלום')).toEqual(['he']);
  });

  it('follows edits and deletions, and forgets the words', async () => {
    await send('m1', 'a secretword to edit');
    await send('m2', 'another secretword to delete');
    await send('m3', '👍');
    await storage.editMessage({ threadId: 'open', messageId: 'm1', parts: text('something else') });
    await storage.deleteMessage({ threadId: 'open', messageId: 'm2' });
    await storage.editMessage({ threadId: 'open', messageId: 'm3', parts: text('now with a word') });
    expect(await find('secretword')).toEqual([]);
    expect(await find('else')).toEqual(['m1']);
    expect(await find('word')).toEqual(['m3']);
    // An edit leaves a message where it is.
    expect(await find('some')).toEqual(['m1']);
    await send('m4', 'something new');
    expect(await find('something')).toEqual(['m4', 'm1']);
    await storage.removeThread('open');
    expect(await find('something')).toEqual([]);
    expect(await find('something', { in: { threadId: 'open' } })).toEqual([]);
  });

  it('finds only what may be read at that moment', async () => {
    await send('m1', 'plan', 'open');
    await send('m2', 'plan', 'own');
    await send('m3', 'plan', 'others', 'ben');
    expect(await find('plan')).toEqual(['m2', 'm1']);
    expect(await find('plan', { in: { userId: 'ben' } })).toEqual(['m3', 'm2', 'm1']);
    expect(await find('plan', { in: { userId: 'nobody' } })).toEqual(['m1']);
    expect(await find('plan', { in: { threadId: 'own' } })).toEqual(['m2']);
    await storage.removeMember({ threadId: 'own', userId: 'ada' }, { keepOwner: false });
    expect(await find('plan')).toEqual(['m1']);
  });

  it('narrows to an author by name or id, however that is written', async () => {
    await storage.upsertUser({ id: 'ben', name: 'Benjamin Blue', avatarUrl: null });
    await send('m1', 'hello there', 'open', 'ben');
    await send('m2', 'hello there', 'open', 'carol_1');
    expect(await find('hello from:benj')).toEqual(['m1']);
    expect(await find('hello from:"benjamin blue"')).toEqual(['m1']);
    expect(await find('hello from:ben')).toEqual(['m1']);
    expect(await find('hello from:carol_1')).toEqual(['m2']);
    // What would fit any letter fits itself alone.
    expect(await find('hello from:%')).toEqual([]);
    expect(await find('hello from:carolx1')).toEqual([]);
  });

  it('comes page by page, also when something is written in between', async () => {
    for (let n = 1; n <= 7; n += 1) await send(`m${n}`, `word number ${n}`);
    const ids: string[] = [];
    let after: SearchPosition | undefined;
    for (let page = 0; page < 4; page += 1) {
      const found = await storage.searchMessages({ query: parseQuery('word'), in: { userId: 'ada' }, after, limit: 3 });
      ids.push(...found.map(({ message }) => message.id));
      const last = found.at(-1)?.message;
      if (last) after = { time: last.createdAt, id: last.id };
      await send(`new${page}`, 'word');
    }
    expect(ids).toEqual(['m7', 'm6', 'm5', 'm4', 'm3', 'm2', 'm1']);
  });

  it('stores and finds the longest words and the longest text', async () => {
    await send('m1', 'x'.repeat(10_000));
    await send('m2', Array.from({ length: 5_000 }, (_, n) => String.fromCharCode(97 + (n % 26))).join(' '));
    await send('m3', '京'.repeat(10_000));
    expect(await find('x'.repeat(200))).toEqual(['m1']);
    expect(await find('"x y z"')).toEqual(['m2']);
    expect(await find('京京京')).toEqual(['m3']);
  });

  it('takes anything that can be typed, and answers', { timeout: 120_000 }, async () => {
    await send('m1', 'ada went to 東京 and 京都, é');
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let done = 0; done < RANDOM_QUERIES; done += 100) {
      const typed = Array.from({ length: 100 }, () =>
        Array.from({ length: 1 + random(8) }, () => SYNTAX[random(SYNTAX.length)]).join(random(2) ? '' : ' '),
      );
      for (const found of await Promise.all(typed.map((each) => find(each)))) {
        expect(found.every((id) => id === 'm1')).toBe(true);
      }
    }
    expect(await find('ada')).toEqual(['m1']);
  });
});

it('what was deleted is no longer in the file of SQLite', async () => {
  const database = newFile();
  const storage = await openStorage(database);
  await storage.upsertThread({ id: 't', title: 'T', access: 'open' });
  const parts = text('unforgettable');
  await storage.appendMessage({ id: 'm', threadId: 't', authorId: 'ada', parts });
  await storage.deleteMessage({ threadId: 't', messageId: 'm' });
  const query = parseQuery('unforgettable');
  expect(await storage.searchMessages({ query, in: { threadId: 't' }, limit: 1 })).toEqual([]);
  await storage.close();
  expect(readFileSync(database).includes('unforgettable')).toBe(false);
});
