import { expect, test } from 'vitest';
import { Drafts, type DraftStorage } from './Drafts.ts';

function device(): DraftStorage & { readonly keys: string[] } {
  const items = new Map<string, string>();
  return {
    get keys() {
      return [...items.keys()];
    },
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

const draft = (text: string) => ({ text, mentions: [] });

test('a draft is there again after a reload, for this person at this backend alone', () => {
  const storage = device();
  const of = (name: string) =>
    new Drafts(
      () => name,
      () => storage,
    );
  of('here ada').keep('help', { text: 'Dear @Ben', mentions: [{ userId: 'b', label: 'Ben' }] });
  expect(of('here ada').read('help')).toEqual({ text: 'Dear @Ben', mentions: [{ userId: 'b', label: 'Ben' }] });
  expect([...of('here ada').get()]).toEqual(['help']);
  for (const other of ['here ben', 'there ada', 'here ad', 'here ada2']) {
    expect(of(other).read('help').text).toBe('');
    expect(of(other).get().size).toBe(0);
  }
});

test('a sign-out erases this person’s, leaves others’, and nothing is kept afterwards', () => {
  const storage = device();
  const ada = new Drafts(
    () => 'ada',
    () => storage,
  );
  const ben = new Drafts(
    () => 'ben',
    () => storage,
  );
  ada.keep('help', draft('mine'));
  ben.keep('help', draft('his'));
  ada.erase();
  ada.keep('help', draft('late'));
  expect(ada.read('help').text).toBe('');
  expect(storage.keys).toHaveLength(1);
  expect(ben.read('help').text).toBe('his');
});

test('an emptied one is gone, and who watches hears of coming and going, not of each letter', () => {
  const storage = device();
  const drafts = new Drafts(
    () => 'ada',
    () => storage,
  );
  let heard = 0;
  drafts.subscribe(() => heard++);
  drafts.keep('help', draft('a'));
  drafts.keep('help', draft('ab'));
  drafts.keep('help', draft(''));
  expect(heard).toBe(2);
  expect(storage.keys).toEqual([]);
});

test('a device that keeps nothing, or nonsense, harms nobody', () => {
  const forbidden = new Drafts(
    () => 'ada',
    () => {
      throw new DOMException('no', 'SecurityError');
    },
  );
  forbidden.keep('help', draft('words'));
  expect(forbidden.read('help').text).toBe('words');
  forbidden.erase();
  const storage = device();
  storage.setItem('latchkit:draft:1:ada\nhelp', '{"text":7}');
  storage.setItem('latchkit:draft:1:ada\nops', 'nonsense');
  expect(
    new Drafts(
      () => 'ada',
      () => storage,
    ).get().size,
  ).toBe(0);
  const nowhere = new Drafts(null, () => storage);
  nowhere.keep('help', draft('words'));
  expect(storage.length).toBe(2);
});
