import type { Meta, StoryObj } from '@storybook/react-vite';
import { MessageItem, type MessageEntry } from 'latchkit';
import { createFakeMessage } from 'latchkit/testing';
import { expect, fn, waitFor, within } from 'storybook/test';
import { beginAnswer, HelpDeskList } from './support/answering.tsx';

function entry(widget: object, kind = 'widget'): MessageEntry {
  return {
    message: createFakeMessage({
      id: 'answer',
      author: { id: 'guide', name: 'Guide', avatarUrl: null },
      parts: [
        { type: 'text', text: 'Here is what I found.' },
        { type: `data-chatkit-${kind}`, id: 'w', data: kind === 'widget' ? { widget } : widget },
      ],
      answer: { status: 'done', to: 'question', run: 1, at: 9, error: null },
      createdAt: new Date(2026, 5, 12, 10, 44).getTime(),
    }),
    delivery: 'sent',
    error: null,
    mine: false,
    change: null,
  };
}

const order = {
  type: 'Card',
  children: [
    {
      type: 'Row',
      children: [
        { type: 'Title', value: 'Order 1042' },
        { type: 'Spacer' },
        { type: 'Badge', label: 'Paid', color: 'success' },
      ],
    },
    { type: 'Markdown', value: 'Two **espresso cups**, sent on *Friday*.' },
    { type: 'Image', src: 'https://pictures.example/cups.jpg', alt: 'Picture of the cups' },
    { type: 'Divider' },
    { type: 'Caption', value: 'Arrives on Tuesday' },
    { type: 'Hologram' },
  ],
  confirm: { label: 'Track it', action: { type: 'order.track' } },
  cancel: { label: 'Cancel the order', action: { type: 'order.cancel' } },
};

const meta = {
  title: 'Widgets',
  component: MessageItem,
  parameters: { stage: { room: 'panel' } },
  args: { entry: entry(order), continued: false, onRetry: fn(), onDiscard: fn() },
  decorators: [(Story) => <div className="stage-card stage-row">{<Story />}</div>],
} satisfies Meta<typeof MessageItem>;

export default meta;
type Story = StoryObj<typeof meta>;

/** A widget of a ChatKit server; in the place of what the kit does not know stands a note. */
export const Card: Story = {
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Order 1042')).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Track it' })).toBeVisible();
  },
};

export const CardDark: Story = { ...Card, globals: { theme: 'dark' } };

export const CardArabic: Story = {
  globals: { language: 'ar' },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Order 1042')).toBeVisible();
  },
};

const sales = {
  type: 'Card',
  status: { text: 'Sales of the first half-year', icon: 'chart' },
  children: [
    {
      type: 'Row',
      children: [
        { type: 'Icon', name: 'star-filled', color: 'warning' },
        { type: 'Title', value: 'Cups and plates' },
      ],
    },
    {
      type: 'Chart',
      showYAxis: true,
      xAxis: { dataKey: 'month', labels: { Jan: 'January' } },
      data: [
        ['Jan', 320, 120, 4.1],
        ['Feb', 410, 140, 4.4],
        ['Mar', 290, 210, 3.9],
        ['Apr', 380, 180, 4.6],
        ['May', 520, 230, 4.8],
        ['Jun', 480, 260, 4.7],
      ].map(([month, cups, plates, stars]) => ({ month, cups, plates, orders: Number(stars) * 100 })),
      series: [
        { type: 'bar', dataKey: 'cups', label: 'Cups', stack: 'pieces' },
        { type: 'bar', dataKey: 'plates', label: 'Plates', stack: 'pieces' },
        { type: 'line', dataKey: 'orders', label: 'Orders', curveType: 'monotone' },
      ],
    },
    {
      type: 'Chart',
      xAxis: 'day',
      data: [3, 5, 4, 8, 6, 9, 12].map((visits, day) => ({ day: `Day ${day + 1}`, visits })),
      series: [{ type: 'area', dataKey: 'visits', label: 'Visits', curveType: 'natural', color: 'purple' }],
    },
    { type: 'Button', label: 'Reload', iconStart: 'reload', onClickAction: { type: 'sales.reload' } },
    { type: 'Button', label: 'Details', iconEnd: 'chevron-right', onClickAction: { type: 'sales.open' } },
  ],
};

/** Bars, lines and areas; behind each, the same figures as a table. */
export const Charts: Story = {
  args: { entry: entry(sales) },
  play: async ({ canvas, userEvent }) => {
    const figure = await canvas.findByRole('figure', { name: 'Cups, Plates, Orders' });
    await userEvent.click(within(figure).getByText('Figures as a table'));
    await expect(within(figure).getByRole('rowheader', { name: 'January' })).toBeVisible();
  },
};

const shown: Story['play'] = async ({ canvas }) => {
  await expect(await canvas.findByRole('figure', { name: 'Cups, Plates, Orders' })).toBeVisible();
};

export const ChartsDark: Story = { args: { entry: entry(sales) }, globals: { theme: 'dark' }, play: shown };

export const ChartsArabic: Story = { args: { entry: entry(sales) }, globals: { language: 'ar' }, play: shown };

export const List: Story = {
  args: {
    entry: entry({
      type: 'ListView',
      children: ['Basel', 'Bern', 'Geneva'].map((city) => ({
        type: 'ListViewItem',
        onClickAction: { type: 'city.choose', payload: { city } },
        children: [
          { type: 'Text', value: city, weight: 'semibold' },
          { type: 'Caption', value: 'Switzerland' },
        ],
      })),
    }),
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('button', { name: /Bern/ })).toBeVisible();
  },
};

/** A list with a limit, a text that is cut off, and a card that opens. */
export const Cut: Story = {
  args: {
    entry: entry({
      type: 'Basic',
      children: [
        {
          type: 'ListView',
          limit: 2,
          status: { text: 'Cities', icon: 'map-pin' },
          children: ['Basel', 'Bern', 'Geneva'].map((city) => ({
            type: 'ListViewItem',
            children: [{ type: 'Text', value: `${city}: ${'a city in Switzerland, '.repeat(9)}`, maxLines: 2 }],
          })),
        },
        {
          type: 'Card',
          collapsed: true,
          status: { text: 'Sent on Friday', icon: 'check-circle' },
          children: [{ type: 'Text', value: 'Two espresso cups.' }],
        },
      ],
    }),
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Show more' }));
    await expect(await canvas.findByText(/Geneva/)).toBeVisible();
    await userEvent.click(canvas.getByText('Sent on Friday'));
    await expect(canvas.getByText('Two espresso cups.')).toBeVisible();
  },
};

export const CutDark: Story = { ...Cut, globals: { theme: 'dark' } };

export const Form: Story = {
  args: {
    entry: entry({
      type: 'Card',
      children: [
        {
          type: 'Form',
          onSubmitAction: { type: 'visit.book' },
          children: [
            { type: 'Label', value: 'Your name', fieldName: 'name' },
            { type: 'Input', name: 'name', placeholder: 'Ada Lovelace', required: true },
            { type: 'Label', value: 'City', fieldName: 'city' },
            { type: 'Select', name: 'city', options: [{ value: 'bs', label: 'Basel' }], placeholder: 'Choose a city' },
            { type: 'Label', value: 'Day', fieldName: 'day' },
            { type: 'DatePicker', name: 'day' },
            {
              type: 'RadioGroup',
              name: 'time',
              ariaLabel: 'Time of day',
              options: [
                { value: 'am', label: 'Morning' },
                { value: 'pm', label: 'Afternoon' },
              ],
            },
            { type: 'Label', value: 'Anything else?', fieldName: 'note' },
            { type: 'Textarea', name: 'note', rows: 2 },
            { type: 'Checkbox', name: 'remind', label: 'Remind me', defaultChecked: true },
            { type: 'Button', label: 'Book', submit: true, style: 'primary' },
          ],
        },
      ],
    }),
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByRole('textbox', { name: 'Your name' }), 'Ada');
    await expect(canvas.getByRole('button', { name: 'Book' })).toBeEnabled();
  },
};

/** Sent, it can be used no more until its answer is there, and becomes what the server makes of it. */
export const FormSent: Story = {
  render: () => <HelpDeskList />,
  play: async (context) => {
    const { canvas, userEvent } = context;
    const { backend, place, answer } = await beginAnswer(context);
    const form = { type: 'data-chatkit-widget', id: 'w' };
    const submit = { type: 'Button', label: 'Order', submit: true, style: 'primary' };
    const fields = [{ type: 'Label', value: 'Your name', fieldName: 'name' }, { type: 'Input', name: 'name' }, submit];
    const open = { type: 'Card', children: [{ type: 'Form', onSubmitAction: { type: 'order' }, children: fields }] };
    answer.write({ ...form, data: { widget: open } });
    answer.end();
    // By the keyboard: a list that moves takes no pointer.
    (await canvas.findByRole('textbox', { name: 'Your name' })).focus();
    await userEvent.keyboard('Ada{Enter}');
    await waitFor(() =>
      expect(backend.requests.at(-1)).toMatchObject({
        name: 'actOnPart',
        action: { partId: 'w', data: { type: 'order', payload: { name: 'Ada' } } },
      }),
    );
    const again = backend.answer({ ...place, id: answer.id });
    const sent = { type: 'Card', children: [{ type: 'Title', value: 'Ordered for Ada' }] };
    again.write({ ...form, data: { widget: sent } });
    again.end();
    await waitFor(() => expect(canvas.getByText('Ordered for Ada')).toBeVisible());
  },
};

export const FormDark: Story = { ...Form, globals: { theme: 'dark' } };

const questions = [
  { id: 'size', type: 'multiple_choice', question: 'Which size?', options: [{ value: 'Small' }, { value: 'Large' }] },
  { id: 'why', type: 'freeform', question: 'What is it for?', description: 'A word or two will do.' },
];

/** What a server asks before it goes on. */
export const Questions: Story = {
  args: { entry: entry({ status: 'pending', inputs: questions }, 'structured-input') },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('radio', { name: 'Large' }));
    await expect(canvas.getByRole('button', { name: 'Skip' })).toBeEnabled();
  },
};

export const Answered: Story = {
  args: {
    entry: entry(
      {
        status: 'answered',
        inputs: [{ ...questions[0], answer: { values: ['Large'], skipped: false } }, questions[1]],
      },
      'structured-input',
    ),
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Skipped')).toBeVisible();
  },
};

const steps = {
  type: 'custom',
  expanded: true,
  summary: null,
  tasks: [
    {
      type: 'thought',
      title: 'Which cups are meant',
      content: 'They ask for **espresso** cups, so *small* ones.',
      status_indicator: 'complete',
    },
    {
      type: 'web_search',
      title: 'Looking for',
      title_query: 'espresso cups',
      queries: ['espresso cups basel', 'small cups'],
      sources: [{ type: 'url', url: 'https://example.com/cups', title: 'Cups of Basel' }],
      status_indicator: 'complete',
    },
    {
      type: 'file',
      title: 'Reading the price list',
      sources: [{ type: 'file', filename: 'prices.pdf', title: 'Prices 2026' }],
      status_indicator: 'complete',
    },
    { type: 'custom', title: 'Packing two of them', icon: 'cube', status_indicator: 'loading' },
    { type: 'image', title: 'Drawing a picture' },
  ],
};

/** What a server is at on the way to its answer, while it is at it. */
export const Workflow: Story = {
  render: () => <HelpDeskList />,
  play: async (context) => {
    const { canvas } = context;
    const { answer } = await beginAnswer(context);
    answer.write({ type: 'data-chatkit-workflow', id: 'wf', data: { workflow: steps } });
    // A list shows what comes once it is laid out.
    await waitFor(() => expect(canvas.getByText('Packing two of them', { selector: 'summary *' })).toBeVisible());
    await waitFor(() => expect(canvas.getByText('Prices 2026')).toBeVisible());
  },
};

export const WorkflowDark: Story = { ...Workflow, globals: { theme: 'dark' } };

export const WorkflowArabic: Story = { ...Workflow, globals: { language: 'ar' } };

/** Closed at its end, with the time that it took; a press opens it. */
export const WorkflowDone: Story = {
  args: {
    entry: entry({ workflow: { ...steps, type: 'reasoning', summary: { duration: 75 }, expanded: false } }, 'workflow'),
  },
  play: async ({ canvas, userEvent }) => {
    const summary = await canvas.findByText('Thought for 1 minute, 15 seconds');
    await expect(canvas.queryByText('Prices 2026')).not.toBeVisible();
    await userEvent.click(summary);
    await expect(canvas.getByText('Prices 2026')).toBeVisible();
  },
};

export const Task: Story = {
  args: {
    entry: entry({ task: { type: 'custom', title: 'Sent the parcel', icon: 'cube', content: 'Two *cups*' } }, 'task'),
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Sent the parcel')).toBeVisible();
  },
};
