import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { ENGLISH } from '../strings.ts';
import { Markdown } from './Markdown.tsx';

afterEach(cleanup);

test('what mends half-written text comes with the first text that grows; until then it stands as it is', async () => {
  const { container } = render(<Markdown text="a **bold" streaming strings={ENGLISH} />);
  expect(container.textContent).toBe('a **bold');
  await vi.waitFor(() => expect(container.textContent).toBe('a bold'));
});
