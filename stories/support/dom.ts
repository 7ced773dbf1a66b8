import { expect, waitFor } from 'storybook/test';

/** The element that scrolls: the log itself, or the first one in it. */
export function scrollerOf(log: HTMLElement): HTMLElement {
  const scrolls = (element: Element) => /auto|scroll/.test(getComputedStyle(element).overflowY);
  const found = [log, ...log.querySelectorAll('*')].find(scrolls);
  if (!(found instanceof HTMLElement)) throw new Error('No element of the message list scrolls.');
  return found;
}

/** How far the list is from its newest message, in pixels. */
export function distanceFromEnd(log: HTMLElement): number {
  const { scrollHeight, scrollTop, clientHeight } = scrollerOf(log);
  return scrollHeight - scrollTop - clientHeight;
}

/** Scrolls back as a person does, by the wheel, once the list has come to rest at its newest message. */
export async function scrollBack(log: HTMLElement, pixels: number): Promise<void> {
  const scroller = scrollerOf(log);
  await waitFor(() => expect(scroller.scrollHeight).toBeGreaterThan(scroller.clientHeight));
  await waitFor(() => expect(distanceFromEnd(log)).toBeLessThanOrEqual(1));
  // The list goes on settling at its end for 150 ms after the last row was measured.
  await new Promise((resolve) => setTimeout(resolve, 250));
  log.dispatchEvent(new WheelEvent('wheel', { deltaY: -pixels, bubbles: true }));
  scroller.scrollTop -= pixels;
}
