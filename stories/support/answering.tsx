import type { StoryContext } from '@storybook/react-vite';
import { MessageList } from 'latchkit';
import type { ReactNode } from 'react';
import { HELP_DESK } from './content.ts';
import { backendOf } from './scene.ts';

/** A conversation for an answer to come to. */
export function HelpDeskList(): ReactNode {
  return (
    <div style={{ display: 'flex', blockSize: 480 }}>
      <MessageList threadId={HELP_DESK.id} />
    </div>
  );
}

/** Begins an answer to the last message of it, once it shows. */
export async function beginAnswer(context: Pick<StoryContext, 'canvas' | 'loaded'>) {
  const backend = backendOf(context);
  await context.canvas.findByText(/Any owner can/);
  const place = { threadId: HELP_DESK.id, author: 'ada', to: backend.messages(HELP_DESK.id).at(-1)!.id };
  return { backend, place, answer: backend.answer(place) };
}
