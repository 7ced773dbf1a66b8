import { describe, expect, it } from 'vitest';
import { MAX_QUOTE_LENGTH } from './limits.ts';
import { quoteOf } from './quote.ts';

const author = { id: 'ada', name: 'Ada', avatarUrl: null };
const say = (text: string) => ({ id: 'm', author, parts: [{ type: 'text' as const, text }], deletedAt: null });

describe('quoteOf', () => {
  it('is one line, with no control character in it', () => {
    expect(quoteOf(say('  first\n\nsecond\u0000\tthird  '), 'r')).toEqual({
      id: 'm',
      rootId: 'r',
      author: { id: 'ada', name: 'Ada' },
      text: 'first second third',
      filename: null,
      deletedAt: null,
    });
  });

  it('is cut by character', () => {
    const { text } = quoteOf(say('👍'.repeat(MAX_QUOTE_LENGTH + 1)), 'm');
    expect([...text]).toHaveLength(MAX_QUOTE_LENGTH);
    expect(text.endsWith('👍…')).toBe(true);
    expect(quoteOf(say('👍'.repeat(MAX_QUOTE_LENGTH)), 'm').text).toBe('👍'.repeat(MAX_QUOTE_LENGTH));
  });

  it('names the first file, and says nothing of what was deleted', () => {
    const file = { type: 'file' as const, attachmentId: 'a', filename: 'plan.pdf', mediaType: 'application/pdf' };
    expect(quoteOf({ ...say(''), parts: [file] }, 'm')).toMatchObject({ text: '', filename: 'plan.pdf' });
    expect(quoteOf({ ...say(''), parts: [], deletedAt: 7 }, 'm')).toMatchObject({ text: '', deletedAt: 7 });
  });
});
