import type { Meta, StoryObj } from '@storybook/react-vite';
import { ENGLISH, MessageComposer, type ComposerOptions } from 'latchkit';
import { textOf } from 'latchkit/protocol';
import { expect, waitFor } from 'storybook/test';
import { BILLING, HELP_DESK, SECURITY } from './support/content.ts';
import { backendOf } from './support/scene.ts';

const meta = {
  title: 'MessageComposer',
  component: MessageComposer,
  parameters: { stage: { room: 'panel' } },
  args: { threadId: HELP_DESK.id },
  decorators: [(Story) => <div className="stage-card">{<Story />}</div>],
} satisfies Meta<typeof MessageComposer>;

export default meta;
type Story = StoryObj<typeof meta>;
type Context = Parameters<NonNullable<Story['play']>>[0];

const dark = { theme: 'dark' };

/** The text box, once the conversation is there to write into. */
async function box({ canvas }: Context): Promise<HTMLElement> {
  const found = await canvas.findByRole('textbox', { name: 'Message to Help desk' });
  await waitFor(() => expect(found).toBeEnabled());
  return found;
}

const written = (context: Context) =>
  backendOf(context)
    .messages(HELP_DESK.id)
    .slice(HELP_DESK.messages?.length)
    .map(({ parts }) => textOf(parts));

export const Empty: Story = {
  play: async (context) => {
    await box(context);
    await expect(context.canvas.getByPlaceholderText('Write to Help desk')).toBeVisible();
  },
};

export const EmptyDark: Story = { ...Empty, globals: dark };

export const Written: Story = {
  play: async (context) => {
    await context.userEvent.type(
      await box(context),
      'It works now, thank you.{Shift>}{Enter}{/Shift}The total is right.',
    );
    await expect(await box(context)).toHaveValue('It works now, thank you.\nThe total is right.');
    await expect(context.canvas.getByRole('button', { name: 'Send' })).toBeEnabled();
    await expect(written(context)).toEqual([]);
  },
};

export const WrittenDark: Story = { ...Written, globals: dark };

/** Enter sends, Shift+Enter breaks the line, and the cursor stays where one writes on. */
export const Keyboard: Story = {
  play: async (context) => {
    const { userEvent } = context;
    const input = await box(context);
    await userEvent.type(input, 'One{Shift>}{Enter}{/Shift}two{Enter}{Enter}');
    await waitFor(() => expect(written(context)).toEqual(['One\ntwo']));
    await expect(input).toHaveValue('');
    await expect(input).toHaveFocus();
  },
};

/** The button does the same as Enter, and nothing but white space is no message. */
export const Button: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context;
    const input = await box(context);
    await userEvent.type(input, '   {Enter}');
    await expect(backendOf(context).requests.filter(({ name }) => name === 'sendMessage')).toEqual([]);
    await userEvent.clear(input);
    await userEvent.type(input, 'By the button');
    await userEvent.click(canvas.getByRole('button', { name: 'Send' }));
    await waitFor(() => expect(written(context)).toEqual(['By the button']));
    await expect(input).toHaveFocus();
  },
};

/** Over the limit: says by how much, sends nothing, and loses nothing of the text. */
export const OverTheLimit: Story = {
  args: { maxLength: 60 },
  play: async (context) => {
    const { canvas, userEvent } = context;
    const long = 'Our June invoice shows VAT twice: once on the plan, and once more on the total.';
    const input = await box(context);
    await userEvent.type(input, `${long}{Enter}`);
    await expect(canvas.getByText(/Too long by 19 characters/)).toBeVisible();
    await expect(input).toHaveValue(long);
    await expect(input).toBeInvalid();
    await expect(written(context)).toEqual([]);
  },
};

export const OverTheLimitDark: Story = { ...OverTheLimit, globals: dark };

/** Grows with its text up to a part of the window, then scrolls. */
export const Tall: Story = {
  play: async (context) => {
    const input = await box(context);
    const before = input.clientHeight;
    await context.userEvent.click(input);
    await context.userEvent.paste(Array.from({ length: 40 }, (_, i) => `${i + 1}. check the line items`).join('\n'));
    await waitFor(() => expect(input.clientHeight).toBeGreaterThan(before * 2));
    await expect(input.clientHeight).toBeLessThan(window.innerHeight / 2);
    await expect(input.scrollHeight).toBeGreaterThan(input.clientHeight);
  },
};

const takesFiles = { scene: { uploads: { maxBytes: 10_000_000 } } };

/** Chooses files as the dialog of the device does. */
async function attach({ canvas, canvasElement }: Context, ...files: File[]): Promise<void> {
  await canvas.findByRole('button', { name: 'Attach files' });
  const input = canvasElement.querySelector<HTMLInputElement>('input[type="file"]');
  if (!input) throw new Error('The composer takes no files.');
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

const file = (name: string, type: string, bytes: number) => new File([new Uint8Array(bytes)], name, { type });

async function picture(): Promise<File> {
  const paper = new OffscreenCanvas(160, 120);
  const pen = paper.getContext('2d');
  if (pen) {
    pen.fillStyle = '#7cc4ab';
    pen.fillRect(0, 0, 160, 120);
    pen.fillStyle = '#2f6f5e';
    pen.fillRect(24, 40, 60, 56);
  }
  return new File([await paper.convertToBlob()], 'screenshot.png', { type: 'image/png' });
}

/** Files stand above the text until the message goes out: with a picture, name and size, or why they cannot go. */
export const Files: Story = {
  parameters: takesFiles,
  play: async (context) => {
    await box(context);
    await attach(
      context,
      await picture(),
      file('invoice-2026-0612.pdf', 'application/pdf', 482_000),
      file('recording.mov', 'video/quicktime', 11_000_000),
    );
    await waitFor(() => expect(context.canvas.getAllByRole('listitem')).toHaveLength(3));
    await expect(context.canvas.getByText('Too large: at most 10 MB')).toBeVisible();
    await expect(context.canvas.getByText(ENGLISH.sendNeedsFiles)).toBeVisible();
  },
};

export const FilesDark: Story = { ...Files, globals: dark };

/** Sent before its files are there, the message waits for them. */
export const FilesUnderWay: Story = {
  parameters: { scene: { ...takesFiles.scene, faults: { upload: 'never-answers' } } },
  play: async (context) => {
    const input = await box(context);
    await attach(context, await picture(), file('invoice-2026-0612.pdf', 'application/pdf', 482_000));
    await context.userEvent.type(input, 'The page, and the invoice.{Enter}');
    await expect(await context.canvas.findByText(ENGLISH.sendWaits)).toBeVisible();
    await expect(context.canvas.getAllByRole('progressbar')).toHaveLength(2);
    await expect(written(context)).toEqual([]);
  },
};

export const RightToLeft: Story = {
  play: async (context) => {
    const input = await box(context);
    await context.userEvent.type(input, 'شكرا، وصلت الفاتورة');
    await expect(getComputedStyle(input).direction).toBe('rtl');
  },
};

export const SignedOut: Story = {
  parameters: { scene: { userId: null } },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('textbox')).toHaveAttribute('placeholder', ENGLISH.writeSignedOut);
    await expect(canvas.getByRole('textbox')).toBeDisabled();
  },
};

export const SignedOutDark: Story = { ...SignedOut, globals: dark };

/** A conversation that the person may not read has nothing to write into. */
export const Refused: Story = {
  args: { threadId: SECURITY.id },
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByRole('textbox')).toBeDisabled());
    await expect(canvas.getByPlaceholderText(ENGLISH.writeRefused)).toBeVisible();
  },
};

/** `@` offers the members: arrows choose, Enter takes. */
export const Mentions: Story = {
  args: { threadId: BILLING.id },
  play: async ({ canvas, userEvent }) => {
    const field = await canvas.findByRole('textbox', { name: 'Message to Billing review' });
    await waitFor(() => expect(field).toBeEnabled());
    await userEvent.type(field, 'Thanks, @in');
    const people = await canvas.findByRole('listbox', { name: 'People to mention' });
    await expect(people).toHaveTextContent('Ines Duarte');
    await userEvent.keyboard('{Enter}');
    await expect(field).toHaveValue('Thanks, @Ines Duarte ');
    await userEvent.type(field, 'and @');
    await canvas.findByRole('listbox', { name: 'People to mention' });
  },
};

export const MentionsDark: Story = { ...Mentions, globals: dark };

/** `/` offers what the app has given: one runs at once, another waits for a word. */
export const Commands: Story = {
  parameters: {
    stage: {
      room: 'panel',
      composer: {
        commands: [
          { name: 'shrug', description: 'Add a shrug', run: ({ insert }) => insert('¯\\_(ツ)_/¯') },
          { name: 'find', description: 'Look for words', argument: 'words', run: () => {} },
        ],
      } satisfies ComposerOptions,
    },
  },
  play: async (context) => {
    const { canvas, userEvent } = context;
    const field = await box(context);
    await userEvent.type(field, '/sh');
    await canvas.findByRole('option', { name: /shrug/ });
    await userEvent.keyboard('{Enter}');
    await expect(field).toHaveValue('¯\\_(ツ)_/¯');
    await userEvent.clear(field);
    await userEvent.type(field, '/');
    await waitFor(() => expect(canvas.getAllByRole('option')).toHaveLength(2));
  },
};

export const CommandsDark: Story = { ...Commands, globals: dark };

/** Goes in where the cursor is. */
export const EmojiPicker: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context;
    await box(context);
    await userEvent.click(canvas.getByRole('button', { name: 'Insert emoji' }));
    await expect(await canvas.findByRole('dialog', { name: 'Insert emoji' })).toBeVisible();
  },
};

export const EmojiPickerDark: Story = { ...EmojiPicker, globals: dark };
