import { beforeEach, expect, test, vi } from 'vitest';
import { Store } from '../../client/index.ts';
import { PacedView } from './PacedView.ts';

let frames: FrameRequestCallback[] = [];
const frame = () => {
  const due = frames;
  frames = [];
  for (const callback of due) callback(0);
};

beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback));
  return () => {
    while (frames.length > 0) frame();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  };
});

function watch() {
  const store = new Store(0);
  const view = new PacedView(store);
  const told: number[] = [];
  const stop = view.subscribe(() => told.push(view.get()));
  return { store, view, told, stop };
}

test('the first change is told at once, those of the same frame together with the next', () => {
  const { store, view, told } = watch();
  store.set(1);
  expect(told).toEqual([1]);
  store.set(2);
  store.set(3);
  expect([told, view.get()]).toEqual([[1], 3]);
  frame();
  expect(told).toEqual([1, 3]);
});

test('a burst goes on frame by frame, and after a quiet frame the next is told at once', () => {
  const { store, told } = watch();
  store.set(1);
  store.set(2);
  frame();
  store.set(3);
  expect(told).toEqual([1, 2]);
  frame();
  expect(told).toEqual([1, 2, 3]);
  frame();
  expect(frames).toEqual([]);
  store.set(4);
  expect(told).toEqual([1, 2, 3, 4]);
});

test('who has left is not told, and others still are', () => {
  const one = watch();
  const other = watch();
  one.store.set(1);
  one.store.set(2);
  other.store.set(2);
  one.stop();
  frame();
  expect([one.told, other.told]).toEqual([[1], [2]]);
});

test('in a hidden page nothing waits for a frame', () => {
  const { store, told } = watch();
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  store.set(1);
  store.set(2);
  expect(told).toEqual([1, 2]);
});
