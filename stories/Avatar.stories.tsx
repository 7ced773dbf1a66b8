import type { Meta, StoryObj } from '@storybook/react-vite';
import { Avatar } from 'latchkit';
import { expect } from 'storybook/test';

const meta = {
  title: 'Avatar',
  component: Avatar,
  parameters: { stage: { room: 'panel' } },
  args: { user: { id: 'ines', name: 'Ines Duarte', avatarUrl: null } },
  // The tokens are a root's: inside the kit's other parts there is one.
  decorators: [
    (Story, { globals }) => (
      <div className="lk-root" data-lk-theme={globals.theme === 'dark' ? 'dark' : 'light'}>
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof Avatar>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Initials: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getByText('ID')).toBeVisible();
  },
};

export const InitialsDark: Story = { ...Initials, globals: { theme: 'dark' } };

/** Without a name, the id stands in. */
export const Nameless: Story = {
  args: { user: { id: 'support', name: '', avatarUrl: null } },
  play: async ({ canvas }) => {
    await expect(canvas.getByText('SU')).toBeVisible();
  },
};
