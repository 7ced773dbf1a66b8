import type { Meta, StoryObj } from '@storybook/react-vite';
import { MessageItem, type LinkPreview, type MessageEntry } from 'latchkit';
import { createFakeMessage } from 'latchkit/testing';
import { expect, fn } from 'storybook/test';
import { ME, USERS } from './support/content.ts';

const nameOf = (id: string) => USERS.find((user) => user.id === id)?.name ?? id;

/** A message whose links the server has looked at. */
function entry(author: string, text: string, ...previews: LinkPreview[]): MessageEntry {
  return {
    message: createFakeMessage({
      id: `preview-${author}`,
      threadId: 'help-desk',
      text,
      author: { id: author, name: nameOf(author), avatarUrl: null },
      createdAt: new Date(2026, 5, 12, 10, 44).getTime(),
      previews,
    }),
    delivery: 'sent',
    error: null,
    mine: author === ME,
    change: null,
  };
}

const PAGE: LinkPreview = {
  url: 'https://docs.acme.example/invoices/export',
  host: 'docs.acme.example',
  siteName: 'Acme Docs',
  title: 'Export an invoice',
  description: 'Every owner of an account can export its invoices, as PDF or as CSV, from the first month on.',
};

/** A picture as the server keeps it; here drawn on the spot, so that a story asks nobody. */
function picture(width: number, height: number): NonNullable<LinkPreview['image']> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="#2f6f5e"/><circle cx="${width * 0.72}" cy="${height / 2}" r="${height * 0.32}" fill="#e3efe9"/><path d="M0 ${height}L${width * 0.4} ${height * 0.35}L${width * 0.7} ${height}" fill="#275d4f"/></svg>`;
  return {
    type: 'file',
    attachmentId: `picture-${width}`,
    mediaType: 'image/svg+xml',
    filename: 'preview.svg',
    size: svg.length,
    width,
    height,
    url: `data:image/svg+xml,${encodeURIComponent(svg)}`,
    urlExpiresAt: Number.MAX_SAFE_INTEGER,
  };
}

const meta = {
  title: 'LinkPreview',
  component: MessageItem,
  parameters: { stage: { room: 'panel' } },
  args: {
    entry: entry('ada', `You can export it yourself: ${PAGE.url}`, { ...PAGE, image: picture(1_200, 630) }),
    continued: false,
    onRetry: fn(),
    onDiscard: fn(),
  },
  decorators: [(Story) => <div className="stage-card stage-row">{<Story />}</div>],
} satisfies Meta<typeof MessageItem>;

export default meta;
type Story = StoryObj<typeof meta>;

const dark = { theme: 'dark' };

/** The picture has its place before it is loaded. */
export const WithImage: Story = {
  play: async ({ canvas, canvasElement }) => {
    const link = await canvas.findByRole('link', { name: /Export an invoice/ });
    await expect(link).toBeVisible();
    await expect(link.getAttribute('rel')).toBe('noopener noreferrer nofollow');
    const box = canvasElement.querySelector('.lk-preview-image')!.getBoundingClientRect();
    await expect(Math.abs(box.width / box.height - 1_200 / 630)).toBeLessThan(0.02);
  },
};

export const WithImageDark: Story = { ...WithImage, globals: dark };

/** A square picture, or a small one, stands beside the words. */
export const WithThumbnail: Story = {
  args: { entry: entry('ada', PAGE.url, { ...PAGE, image: picture(256, 256) }) },
  play: async ({ canvas, canvasElement }) => {
    await expect(await canvas.findByText('Export an invoice')).toBeVisible();
    await expect(canvasElement.querySelector('[data-image="thumb"] img')).toBeVisible();
  },
};

export const WithoutImage: Story = {
  args: { entry: entry('ada', PAGE.url, PAGE) },
  play: async ({ canvas, canvasElement }) => {
    await expect(await canvas.findByText('docs.acme.example')).toBeVisible();
    await expect(canvasElement.querySelector('.lk-preview img')).toBeNull();
  },
};

export const WithoutImageDark: Story = { ...WithoutImage, globals: dark };

/** One’s own can be taken out. */
export const Mine: Story = {
  args: { entry: entry(ME, `I read ${PAGE.url}`, { ...PAGE, image: picture(1_200, 630) }) },
  play: async ({ canvas }) => {
    const button = await canvas.findByRole('button', { name: 'Remove the preview of docs.acme.example' });
    button.focus();
    await expect(button).toHaveFocus();
  },
};

/** Long words are cut after two lines, and nothing sticks out. */
export const Long: Story = {
  args: {
    entry: entry(ME, PAGE.url, {
      ...PAGE,
      siteName: 'The very long name of a site that would not stop telling what it is called',
      host: 'a-host-of-many-words.and-of-many-labels.subdomain.acme.example',
      title: `Export-${'anotherwordwithoutaspace'.repeat(6)}`,
      description: 'Every owner of an account can export its invoices. '.repeat(6).trim(),
      image: picture(256, 256),
    }),
  },
  globals: { viewport: { value: 'phone' } },
  play: async ({ canvas, canvasElement }) => {
    await expect(await canvas.findByText(/^Export-/)).toBeVisible();
    // However the page calls its site, one sees whose it is.
    const host = canvasElement.querySelector('.lk-preview-host')!;
    await expect(host.clientWidth).toBeGreaterThan(100);
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

/** Right to left by its words; the host is read as every host. */
export const RightToLeft: Story = {
  args: {
    entry: entry('noor', 'يمكنك التصدير من هنا: https://docs.acme.example/ar', {
      ...PAGE,
      url: 'https://docs.acme.example/ar',
      siteName: 'وثائق أكمي',
      title: 'تصدير فاتورة',
      description: 'يمكن لكل مالك حساب تصدير فواتيره بصيغة PDF أو CSV منذ الشهر الأول.',
      image: picture(256, 256),
    }),
  },
  decorators: [(Story) => <div dir="rtl">{<Story />}</div>],
  play: async ({ canvas }) => {
    const title = await canvas.findByText('تصدير فاتورة');
    await expect(getComputedStyle(title).direction).toBe('rtl');
  },
};

/** Several links of one message. */
export const Several: Story = {
  args: {
    entry: entry(
      'ada',
      `${PAGE.url} and https://status.acme.example/`,
      { ...PAGE, image: picture(256, 256) },
      {
        url: 'https://status.acme.example/',
        host: 'status.acme.example',
        siteName: null,
        title: 'All systems work',
        description: null,
      },
    ),
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('All systems work')).toBeVisible();
  },
};
