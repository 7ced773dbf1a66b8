import { act, render, type RenderResult } from '@testing-library/react';
import type { ReactNode } from 'react';
import type { ChatBackend } from '../client/index.ts';
import { createFakeFetchToken } from '../testing/index.ts';
import { ChatProvider, type ChatProviderProps } from './ChatProvider.tsx';

/** Renders what Ada sees, signed in over this backend. */
export function renderForAda(
  backend: ChatBackend,
  children: ReactNode,
  props: Partial<ChatProviderProps> = {},
): RenderResult {
  return render(
    <ChatProvider userId="ada" backend={backend} fetchToken={createFakeFetchToken({ userId: 'ada' })} {...props}>
      {children}
    </ChatProvider>,
  );
}

/** Until all that a fake answers at once has come and is shown. */
export const settle = (): Promise<void> => act(() => new Promise<void>((resolve) => setTimeout(resolve, 20)));

/** The row of this message. */
export function item(id: string, within: ParentNode = document): HTMLElement {
  const found = within.querySelector<HTMLElement>(`[data-message-id="${id}"]`);
  if (!found) throw new Error(`There is no message ${id}.`);
  return found;
}
