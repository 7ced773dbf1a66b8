import { ENGLISH } from '../strings.ts';
import { whenIdle } from '../when-idle.ts';
import { GrowingView, hasGrown } from './GrowingView.ts';
import { DEFAULT_LINK_POLICY } from './link-policy.ts';
import { MarkdownBlocks } from './MarkdownBlocks.ts';
import type { MarkdownContextValue } from './MarkdownContext.ts';
import { preloadMend } from './useMend.ts';

/** One of each that most answers have. */
const SAMPLE = [
  '## A heading\n\n',
  'Words, **strong**, *so* and `code`, [linked](https://example.com).\n\n',
  '- one\n- **two** and\n\n1. one\n2. two\n\n',
  '| a | b |\n| - | - |\n| `c` | d |\n\n',
  '```js\nlet a = 1;\n```\n\n',
];
/** As much as comes with a frame. */
const STEP = 4;

let rehearsed: Promise<void> | null = null;

/**
 * Reads and draws a sample as it grows, in no page: what runs for the first time is compiled first, and for the first words of an answer
 * that is some dozen ms, more on a phone. Piece by piece, each when the page is idle. Safe to call often: it is done once.
 */
export function rehearse(): Promise<void> {
  return (rehearsed ??= play());
}

async function play(): Promise<void> {
  const blocks = new MarkdownBlocks({ breaks: false, mend: await preloadMend().catch(() => null) });
  const context: MarkdownContextValue = { id: '', policy: DEFAULT_LINK_POLICY, strings: ENGLISH };
  const view = new GrowingView();
  const root = document.createElement('div');
  let text = '';
  for (const piece of SAMPLE) {
    await new Promise<void>((resolve) => void whenIdle(resolve));
    // An answer has begun: it is what runs first, and is to have the page to itself.
    if (hasGrown()) return;
    for (let end = STEP; end < piece.length + STEP; end += STEP) {
      view.show(root, { blocks, context, text: text + piece.slice(0, end), streaming: true });
    }
    text += piece;
  }
  await new Promise<void>((resolve) => void whenIdle(resolve));
  if (hasGrown()) return;
  // In the smallest of the languages: what colours them all is the same.
  await (await import('./highlight.ts')).highlight('{ "a": [1, true] }', 'json');
}
