import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
import { Welcome } from './support/Welcome.tsx';

const meta = { title: 'Welcome', component: Welcome } satisfies Meta<typeof Welcome>;

export default meta;
type Story = StoryObj<typeof meta>;

/** What LatchKit is, on one page. */
export const OnOnePage: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('heading', { level: 1, name: 'LatchKit' })).toBeVisible();
    await expect(canvas.getAllByRole('listitem')).toHaveLength(6);
    await expect(canvas.getByText('npm run demo')).toBeVisible();
  },
};

export const Dark: Story = { ...OnOnePage, globals: { theme: 'dark' } };

export const OnAPhone: Story = { ...OnOnePage, globals: { viewport: { value: 'phone' } } };
