// @vitest-environment jsdom
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { createFakeBackend, createFakeFetchToken, type FakeBackend } from '../../../../testing/index.ts';
import { ChatProvider } from '../../../ChatProvider.tsx';
import { ChatWindow } from '../../window/ChatWindow.tsx';
import type { PartRenderers } from '../../types.ts';

afterEach(cleanup);

const actions = ({ requests }: FakeBackend) =>
  requests.flatMap(({ name, action }) => (name === 'actOnPart' && action ? [action] : []));

async function show(widget: unknown, parts?: PartRenderers) {
  const backend = createFakeBackend({
    users: [{ id: 'bot', name: 'Botty' }],
    threads: [{ id: 'help', messages: [{ author: 'ada', text: 'Hi there', id: 'm1' }] }],
  });
  render(
    <ChatProvider
      userId="ada"
      backend={backend}
      fetchToken={createFakeFetchToken({ userId: 'ada' })}
      links={{ imageHosts: ['pictures.example'] }}
      {...(parts && { parts })}
    >
      <ChatWindow threadId="help" />
    </ChatProvider>,
  );
  await screen.findByText('Hi there');
  await act(() => {
    const answer = backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' });
    answer.write({ type: 'data-chatkit-widget', id: 'w1', data: { id: 'w1', type: 'widget', widget } });
    answer.end();
    return Promise.resolve();
  });
  return {
    backend,
    acts: () => actions(backend).map(({ partId, data }) => ({ partId, data })),
  };
}

const card = (...children: unknown[]) => ({ type: 'Card', children });

test('shows the common components; what it does not know is a note, and markup is text', async () => {
  await show(
    card(
      { type: 'Title', value: 'Order 7' },
      { type: 'Markdown', value: '**two** [bad](javascript:alert(1)) <img src=x onerror=alert(1)>' },
      { type: 'Row', children: [{ type: 'Badge', label: 'Paid', color: 'success' }, { type: 'Spacer' }] },
      { type: 'Image', src: 'https://pictures.example/a.png', alt: 'A cup' },
      { type: 'Image', src: 'https://elsewhere.example/b.png', alt: 'A spy' },
      { type: 'Image', src: 'javascript:alert(1)', alt: 'A trap' },
      { type: 'Hologram', of: 'the future' },
      { type: 'Text', value: { not: 'a text' } },
      null,
      'no component',
    ),
  );
  expect(await screen.findByText('Order 7')).toBeTruthy();
  expect(screen.getByText('two').tagName).toBe('STRONG');
  expect(screen.getByText('Paid').dataset['color']).toBe('success');
  expect(screen.getByRole('img', { name: 'A cup' }).getAttribute('src')).toBe('https://pictures.example/a.png');
  expect(screen.getByRole('link', { name: 'A spy' }).getAttribute('href')).toBe('https://elsewhere.example/b.png');
  expect(screen.getByText('A trap').closest('a')).toBeNull();
  expect(screen.queryByRole('link', { name: 'bad' })).toBeNull();
  expect(screen.queryAllByRole('img')).toHaveLength(1);
  expect(screen.getByText('This cannot be shown here.')).toBeTruthy();
});

test('a list with a limit shows the rest by a press; a text is cut off at its lines', async () => {
  const items = ['Basel', 'Bern', 'Chur'].map((value) => ({
    type: 'ListViewItem',
    children: [{ type: 'Text', value, maxLines: 2 }],
  }));
  await show({ type: 'ListView', limit: 2, status: { text: 'Three cities' }, children: items });
  expect((await screen.findByText('Basel')).style.webkitLineClamp).toBe('2');
  expect(screen.getByText('Three cities')).toBeTruthy();
  expect(screen.queryByText('Chur')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
  expect(screen.getByText('Chur')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
});

test('a collapsed card is its status, and opens; one without a status has nothing to open it by', async () => {
  await show({
    ...card({ type: 'Text', value: 'Inside' }, { ...card({ type: 'Text', value: 'Always' }), collapsed: true }),
    ...{ collapsed: true, status: { text: 'Order sent' } },
  });
  const details = (await screen.findByText('Inside')).closest('details')!;
  expect(details.open).toBe(false);
  expect(screen.getAllByText('Order sent')).toHaveLength(1);
  await userEvent.click(screen.getByText('Order sent'));
  expect(details.open).toBe(true);
  expect(screen.getByText('Always').closest('details')).toBe(details);
});

test('named icons stand beside their words; one alone is called by what it does, and an unknown one is nothing', async () => {
  await show({
    ...card(
      { type: 'Icon', name: 'star-filled', size: 'xl' },
      { type: 'Icon', name: 'lucide:flask-conical' },
      { type: 'Icon', name: 'vendor:openai' },
      { type: 'Icon', name: 'constructor' },
      { type: 'Button', label: 'Reload', iconStart: 'reload', onClickAction: { type: 'again' } },
      { type: 'Button', iconStart: 'plus', onClickAction: { type: 'add' } },
    ),
    status: { text: 'Found', icon: 'search' },
  });
  const plus = await screen.findByRole('button', { name: 'add' });
  await waitFor(() => expect(plus.querySelector('svg')).not.toBeNull());
  expect(plus.textContent).toBe('');
  expect(screen.getByRole('button', { name: 'Reload' }).querySelectorAll('svg')).toHaveLength(1);
  expect(screen.getByText('Found').querySelector('svg')).not.toBeNull();
  const icons = [...document.querySelectorAll('.lk-widget-card > .lk-widget-icon > svg')];
  expect(icons.map((icon) => icon.getAttribute('width'))).toEqual(['24', '16']);
  expect(icons[0]!.querySelector('path')!.getAttribute('fill')).toBe('currentColor');
});

test('a chart is a drawing, and a table of the same figures', async () => {
  const data = [
    { month: 'jan', cups: 3, plates: '1', mood: 4 },
    { month: 'feb', cups: -2, plates: 'none', mood: 6 },
    { month: 'mar', cups: 5, plates: 2, mood: 5 },
  ];
  await show(
    card(
      {
        type: 'Chart',
        data,
        xAxis: { dataKey: 'month', labels: { jan: 'January' } },
        showYAxis: true,
        series: [
          { type: 'bar', dataKey: 'cups', label: 'Cups', stack: 's' },
          { type: 'bar', dataKey: 'plates', label: 'Plates', stack: 's' },
          { type: 'area', dataKey: 'mood', label: 'Mood', curveType: 'monotone', color: 'red-400' },
        ],
      },
      { type: 'Chart', data: 'none', xAxis: 'month', series: [] },
    ),
  );
  const chart = await screen.findByRole('figure', { name: 'Cups, Plates, Mood' });
  const rows = [...chart.querySelectorAll('tbody tr')].map((row) => [...row.children].map((each) => each.textContent));
  expect(rows).toEqual([
    ['January', '3', '1', '4'],
    ['feb', '-2', '–', '6'],
    ['mar', '5', '2', '5'],
  ]);
  expect(chart.querySelectorAll('.lk-chart-bars rect')).toHaveLength(5);
  expect(chart.querySelectorAll('.lk-chart-curve[data-hue=red] path')).toHaveLength(2);
  expect([...chart.querySelectorAll('.lk-chart-ticks span')].map((tick) => tick.textContent)).toContain('0');
  expect(screen.getByText('This cannot be shown here.')).toBeTruthy();
});

test('a press of a button or of a line is told', async () => {
  const { acts } = await show(
    card(
      { type: 'Button', label: 'Buy', onClickAction: { type: 'buy', payload: { item: 7 } } },
      {
        type: 'ListView',
        children: [
          { type: 'ListViewItem', children: [{ type: 'Text', value: 'Basel' }], onClickAction: { type: 'choose' } },
        ],
      },
    ),
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Buy' }));
  await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Basel' }).disabled).toBe(false));
  await userEvent.click(screen.getByRole('button', { name: 'Basel' }));
  expect(acts()).toEqual([
    { partId: 'w1', data: { type: 'buy', payload: { item: 7 } } },
    { partId: 'w1', data: { type: 'choose' } },
  ]);
});

test('a form is told with what was filled in, and a field that tells its change at once', async () => {
  const { acts } = await show(
    card(
      {
        type: 'Form',
        onSubmitAction: { type: 'save', payload: { id: 3 } },
        children: [
          { type: 'Label', value: 'Your name', fieldName: 'name' },
          { type: 'Input', name: 'name', required: true },
          { type: 'Checkbox', name: 'news', label: 'Send me news' },
          {
            type: 'RadioGroup',
            name: 'size',
            options: [
              { value: 's', label: 'Small' },
              { value: 'l', label: 'Large' },
            ],
          },
          { type: 'Button', label: 'Save', submit: true },
        ],
      },
      { type: 'Select', name: 'city', options: [{ value: 'bs', label: 'Basel' }], onChangeAction: { type: 'move' } },
    ),
  );
  await userEvent.type(await screen.findByRole('textbox', { name: 'Your name' }), 'Ada');
  await userEvent.click(screen.getByRole('radio', { name: 'Large' }));
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  const select = screen.getByRole<HTMLSelectElement>('combobox', { name: 'city' });
  await waitFor(() => expect(select.disabled).toBe(false));
  await userEvent.selectOptions(select, 'bs');
  expect(acts()).toEqual([
    { partId: 'w1', data: { type: 'save', payload: { id: 3, name: 'Ada', news: false, size: 'l' } } },
    { partId: 'w1', data: { type: 'move', payload: { city: 'bs' } } },
  ]);
});

test('a refused action says so, and can be done again', async () => {
  const { backend, acts } = await show(card({ type: 'Button', label: 'Buy', onClickAction: { type: 'buy' } }));
  backend.setFault('actOnPart', 'action_forbidden');
  const button = await screen.findByRole<HTMLButtonElement>('button', { name: 'Buy' });
  await userEvent.click(button);
  expect((await screen.findByRole('alert')).textContent).not.toBe('');
  backend.setFault('actOnPart', null);
  await userEvent.click(button);
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  await waitFor(() => expect(button.disabled).toBe(false));
  await userEvent.click(button);
  expect(acts()).toHaveLength(3);
  // It may have been heard: done again, it is the same act. What is done after that is another one.
  const [first, second, third] = actions(backend).map(({ actionId }) => actionId);
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  expect([second === first, third === first]).toEqual([true, false]);
});

test('an app’s own renderer wins', async () => {
  await show(card({ type: 'Text', value: 'Ours' }), { 'data-chatkit-widget': () => <p>Theirs</p> });
  expect(await screen.findByText('Theirs')).toBeTruthy();
  expect(screen.queryByText('Ours')).toBeNull();
});
