import type { Meta, StoryObj } from '@storybook/react-vite';
import { ChatWindow } from 'latchkit';
import { ChatTokenDevtools } from 'latchkit/devtools';
import { expect, waitFor } from 'storybook/test';
import { HELP_DESK } from './support/content.ts';
import { backendOf } from './support/scene.ts';

const meta = {
  title: 'ChatTokenDevtools',
  component: ChatTokenDevtools,
  render: (args, { globals }) => (
    <>
      <ChatWindow threadId={HELP_DESK.id} />
      <ChatTokenDevtools theme={globals.theme === 'dark' ? 'dark' : 'light'} {...args} />
    </>
  ),
} satisfies Meta<typeof ChatTokenDevtools>;

export default meta;
type Story = StoryObj<typeof meta>;

const dark = { theme: 'dark' };

/** A button at a corner opens it; it shows the token's state, life and history, and never the token. */
export const Opens: Story = {
  play: async (context) => {
    const { canvas, canvasElement, userEvent } = context;
    const button = await canvas.findByRole('button', { name: 'LatchKit devtools, token: ready' });
    await userEvent.click(button);
    const panel = canvas.getByRole('region', { name: 'LatchKit devtools' });
    await expect(panel).toBeVisible();
    await expect(canvas.getByText('session-of-mara')).toBeVisible();
    await expect(canvas.getByRole('meter', { name: 'Life of the token' })).toBeVisible();
    await canvas.findByText(/^First token: good for 5 min/);
    await expect(canvasElement.innerHTML).not.toContain('eyJ');
    // Its styles have come with it: the panel stands above the button, at the corner.
    await expect(getComputedStyle(button.parentElement ?? button).position).toBe('fixed');
    await expect(panel.getBoundingClientRect().bottom).toBeLessThan(button.getBoundingClientRect().top);
    backendOf(context).disconnect();
    await canvas.findByText(/^Connection lost, opening it again/);
    // The newest is in sight without scrolling.
    const log = canvas.getByRole('log', { name: 'Timeline' });
    const last = log.querySelector('li:last-of-type');
    await waitFor(() =>
      expect(last?.getBoundingClientRect().bottom ?? Infinity).toBeLessThanOrEqual(
        log.getBoundingClientRect().bottom + 1,
      ),
    );
  },
};

export const OpensDark: Story = { ...Opens, globals: dark };

/** A refusal: its code, what it means, and what to do about it. */
export const Forbidden: Story = {
  args: { initialIsOpen: true, position: 'bottom-right' },
  parameters: { scene: { token: { fault: 'forbidden' } } },
  play: async ({ canvas }) => {
    await canvas.findByText('The app says that this person may not. It is not asked again.');
    await canvas.findByText(/Ask the owner of the app for access\. Not tried again\./);
  },
};

export const ForbiddenDark: Story = { ...Forbidden, globals: dark };

/** On a phone it takes the width that there is. */
export const Phone: Story = {
  args: { initialIsOpen: true },
  globals: { viewport: { value: 'phone', isRotated: false } },
  play: async ({ canvas }) => {
    const panel = await canvas.findByRole('region', { name: 'LatchKit devtools' });
    await expect(panel.getBoundingClientRect().right).toBeLessThanOrEqual(window.innerWidth);
  },
};
