import type { Meta, StoryObj } from '@storybook/react-vite';
import { ChatWindow, TypingIndicator } from 'latchkit';
import { expect, waitFor } from 'storybook/test';
import { HELP_DESK } from './support/content.ts';
import { backendOf } from './support/scene.ts';

const meta = {
  title: 'TypingIndicator',
  component: TypingIndicator,
  parameters: { stage: { room: 'panel' } },
  args: { threadId: HELP_DESK.id },
  decorators: [(Story) => <div className="stage-card">{<Story />}</div>],
} satisfies Meta<typeof TypingIndicator>;

export default meta;
type Story = StoryObj<typeof meta>;

/** One is named. */
export const One: Story = {
  play: async (context) => {
    await waitFor(() => {
      backendOf(context).type({ threadId: HELP_DESK.id, userId: 'jun' });
      return expect(context.canvasElement.querySelector('.lk-typing-text')).toHaveTextContent('Jun Mori is typing');
    });
  },
};

export const Several: Story = {
  globals: { theme: 'dark' },
  play: async (context) => {
    await waitFor(() => {
      for (const userId of ['jun', 'noor', 'ines']) backendOf(context).type({ threadId: HELP_DESK.id, userId });
      return expect(context.canvasElement.querySelector('.lk-typing-text')).toHaveTextContent(
        'Several people are typing',
      );
    });
  },
};

/** It stands between the messages and the composer, and moves neither. */
export const InAWindow: Story = {
  parameters: { stage: { room: 'window' } },
  render: ({ threadId }) => <ChatWindow threadId={threadId} />,
  play: async (context) => {
    const { canvas, canvasElement } = context;
    const field = await canvas.findByRole('textbox');
    await waitFor(() => expect(canvasElement.querySelectorAll('.lk-message').length).toBeGreaterThan(2));
    const places = () =>
      ['.lk-message:last-of-type', '.lk-composer'].map((part) => {
        const element = [...canvasElement.querySelectorAll(part)].at(-1);
        return element?.getBoundingClientRect().top;
      });
    await waitFor(() => expect(field).toBeEnabled());
    await new Promise((resolve) => setTimeout(resolve, 400));
    const before = places();
    backendOf(context).type({ threadId: HELP_DESK.id, userId: 'jun' });
    await canvas.findByText('Jun Mori is typing', { selector: '.lk-typing-text' });
    await expect(places()).toEqual(before);
  },
};
