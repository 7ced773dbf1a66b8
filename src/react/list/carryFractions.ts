/**
 * Keeps a scroller where fractions of a pixel would have it. A browser scrolls by whole device pixels and forgets the rest, and
 * each page of older rows moves the place several times, as virtua adds and then measures them: rounded each time, the row one
 * reads is soon a pixel off (L1). What a movement was short of is added to the next.
 *
 * @returns undoes it
 */
export function carryFractions(viewport: HTMLElement): () => void {
  const scrollBy = viewport.scrollBy.bind(viewport) as (...args: [ScrollToOptions?] | [number, number]) => void;
  let owed = 0;
  viewport.scrollBy = (...args: Parameters<typeof scrollBy>) => {
    const [by] = args;
    // As virtua corrects a place, and nobody else asks for one.
    if (typeof by !== 'object' || by.top === undefined || by.behavior !== 'instant') return scrollBy(...args);
    const goal = viewport.scrollTop + by.top + owed;
    viewport.scrollTo({ top: goal, behavior: 'instant' });
    owed = goal - viewport.scrollTop;
    // There was nowhere further to go.
    if (Math.abs(owed) >= 1) owed = 0;
  };
  return () => Reflect.deleteProperty(viewport, 'scrollBy');
}
