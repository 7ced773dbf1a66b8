import type { Meta, StoryObj } from '@storybook/react-vite';
import { ThreadHeader } from 'latchkit';
import { expect, fn } from 'storybook/test';
import { BILLING, HELP_DESK, ROUGH } from './support/content.ts';

const meta = {
  title: 'ThreadHeader',
  component: ThreadHeader,
  parameters: { stage: { room: 'panel' } },
  args: { threadId: HELP_DESK.id },
  decorators: [(Story) => <div className="stage-card">{<Story />}</div>],
} satisfies Meta<typeof ThreadHeader>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Open: Story = {
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('heading', { name: 'Help desk' })).toBeVisible();
    await canvas.findByText('Open to everyone here');
  },
};

export const Members: Story = {
  args: { threadId: BILLING.id },
  globals: { theme: 'dark' },
  play: async ({ canvas }) => {
    await canvas.findByRole('heading', { name: 'Billing review' });
    await canvas.findByText('Members only');
  },
};

export const BackOnAPhone: Story = {
  args: { onBack: fn() },
  globals: { viewport: { value: 'phone' } },
  play: async ({ canvas, userEvent, args }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Back to conversations' }));
    await expect(args.onBack).toHaveBeenCalledOnce();
  },
};

export const LongTitle: Story = {
  args: { threadId: ROUGH.id, onBack: fn() },
  parameters: { scene: { threads: [ROUGH] } },
  globals: { viewport: { value: 'phone' } },
  play: async ({ canvas, canvasElement }) => {
    await canvas.findByRole('heading', { name: /Imports from the old ticket system/ });
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

export const Loading: Story = {
  parameters: { scene: { faults: { openThread: 'never-answers' } } },
  play: async ({ canvas }) => {
    await expect(canvas.queryByText('Help desk')).toBeNull();
  },
};
