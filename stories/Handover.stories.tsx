import type { Meta, StoryObj } from '@storybook/react-vite';
import { ChatWindow } from 'latchkit';
import type { FakeThread } from 'latchkit/testing';
import { expect, within } from 'storybook/test';
import { ME } from './support/content.ts';
import { backendOf } from './support/scene.ts';

const ORDER: FakeThread = {
  id: 'order',
  title: 'Order 1042',
  assistant: true,
  members: [ME, { id: 'ada', role: 'agent' }, { id: 'jun', role: 'agent' }],
  messages: [
    { author: ME, minutesAgo: 9, text: 'The second card reader has not arrived. Where is it?' },
    {
      author: 'assistant',
      minutesAgo: 9,
      text: 'It left our warehouse on Monday. The carrier has not scanned it since.',
    },
    { author: ME, minutesAgo: 7, text: 'That is four days. I need it for the weekend.' },
  ],
};
const helps = {
  ...ORDER,
  members: ['ines', { id: ME, role: 'agent' as const }, { id: 'jun', role: 'agent' as const }],
};
const waiting = { waiting: { askedBy: 'ines', minutesAgo: 6, reason: 'Needs it for the weekend' } };
const users = [
  { id: ME, name: 'Mara Lindt' },
  { id: 'ada', name: 'Ada Osei' },
  { id: 'ines', name: 'Ines Duarte' },
  { id: 'jun', name: 'Jun Mori' },
  { id: 'assistant', name: 'Assistant' },
];
const scene = (thread: FakeThread) => ({ parameters: { scene: { users, threads: [thread] } } });

const meta = {
  title: 'Handover',
  component: ChatWindow,
  args: { threadId: ORDER.id },
} satisfies Meta<typeof ChatWindow>;

export default meta;
type Story = StoryObj<typeof meta>;

const dark = { theme: 'dark' };
const phone = { viewport: { value: 'phone' } };
const arabic = { language: 'ar' };
const bar = async (canvas: Parameters<NonNullable<Story['play']>>[0]['canvas']) =>
  within(await canvas.findByRole('group', { name: /Who answers|من يجيب/ }));

/** The assistant answers, and a person can be asked for. */
export const WithTheAssistant: Story = {
  ...scene(ORDER),
  play: async ({ canvas }) => {
    const line = await bar(canvas);
    await line.findByText('The assistant answers');
    await expect(line.getByRole('button')).toHaveTextContent('Talk to a person');
  },
};

/** Asked for, and taken by somebody: said in the line, and in the conversation. */
export const AskedFor: Story = {
  ...scene(ORDER),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const line = await bar(canvas);
    await userEvent.click(await line.findByRole('button', { name: 'Talk to a person' }));
    await line.findByText('Waiting for a person…');
    await canvas.findByText('You asked for a person');
    await expect(line.getByRole('button', { name: 'Cancel' })).toHaveFocus();
    backendOf(context).handOver({ threadId: ORDER.id, userId: 'ada', step: 'take' });
    await line.findByText('Ada Osei is answering');
    await canvas.findByText('Ada Osei took over');
  },
};

export const Waiting: Story = {
  ...scene({ ...ORDER, assistant: { waiting: { askedBy: ME, minutesAgo: 6 } } }),
  play: async ({ canvas }) => void (await (await bar(canvas)).findByText('Waiting for a person…')),
};
export const WaitingDark: Story = { ...Waiting, globals: dark };
export const WaitingPhone: Story = { ...Waiting, globals: phone };

export const WithAPerson: Story = {
  ...scene({ ...ORDER, assistant: { agent: 'ada' } }),
  play: async ({ canvas }) => void (await (await bar(canvas)).findByText('Ada Osei is answering')),
};

/** An agent sees who waits, and takes over. */
export const ForAnAgent: Story = {
  ...scene({ ...helps, assistant: waiting }),
  play: async ({ canvas }) => {
    const line = await bar(canvas);
    await line.findByText('Ines Duarte waits for a person');
    await expect(line.getAllByRole('button').map((each) => each.textContent)).toEqual([
      'Take over',
      'Hand back to the assistant',
    ]);
  },
};
export const ForAnAgentDark: Story = { ...ForAnAgent, globals: dark };
export const ForAnAgentPhone: Story = { ...ForAnAgent, globals: phone };
export const ForAnAgentArabic: Story = {
  ...ForAnAgent,
  globals: arabic,
  play: async ({ canvas }) => void (await (await bar(canvas)).findByText(/Ines Duarte/)),
};

/** Taken over, and given back. */
export const TakingOver: Story = {
  ...scene({ ...helps, assistant: waiting }),
  play: async ({ canvas, userEvent }) => {
    const line = await bar(canvas);
    await userEvent.click(await line.findByRole('button', { name: 'Take over' }));
    await line.findByText('You are answering');
    await userEvent.click(await line.findByRole('button', { name: 'Hand back to the assistant' }));
    await line.findByText('The assistant answers');
    await canvas.findByText('You handed back to the assistant');
  },
};

/** Somebody else was quicker. */
export const Slower: Story = {
  ...scene({ ...helps, assistant: waiting }),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const line = await bar(canvas);
    const button = await line.findByRole('button', { name: 'Take over' });
    backendOf(context).setFault('handOver', 'handover_taken');
    await userEvent.click(button);
    backendOf(context).handOver({ threadId: ORDER.id, userId: 'jun', step: 'take' });
    await line.findByText('Jun Mori is answering');
    await expect(await line.findByRole('alert')).toHaveTextContent('Jun Mori was quicker and answers now');
  },
};
export const SlowerDark: Story = { ...Slower, globals: dark };
