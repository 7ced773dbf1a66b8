import { expect, it } from 'vitest';
import { browserSignals } from './PageSignals.ts';
import type { PageSignal } from './PageSignals.ts';

function heard(act: () => void): PageSignal[] {
  const signals: PageSignal[] = [];
  const stop = browserSignals.subscribe((signal) => signals.push(signal));
  act();
  stop();
  return signals;
}

it.each<[string, () => void, PageSignal[]]>([
  ['shown', () => document.dispatchEvent(new Event('visibilitychange')), ['wake']],
  ['resumed after a freeze', () => document.dispatchEvent(new Event('resume')), ['wake']],
  ['focused', () => window.dispatchEvent(new Event('focus')), ['wake']],
  ['restored', () => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })), ['wake']],
  ['loaded', () => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false })), []],
  ['back online', () => window.dispatchEvent(new Event('online')), ['online']],
  ['offline', () => window.dispatchEvent(new Event('offline')), ['offline']],
])('C6 a page that is %s', (_what, act, signals) => {
  expect(heard(act)).toEqual(signals);
});

it('T14 hears nothing once nobody listens', () => {
  const signals: PageSignal[] = [];
  browserSignals.subscribe((signal) => signals.push(signal))();
  window.dispatchEvent(new Event('online'));
  expect(signals).toEqual([]);
  expect([browserSignals.online(), browserSignals.visible()]).toEqual([true, true]);
});
