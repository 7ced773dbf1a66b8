// @vitest-environment jsdom
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { createFakeBackend } from '../../../../testing/index.ts';
import { renderForAda } from '../../../test-fixtures.tsx';
import { ChatWindow } from '../../window/ChatWindow.tsx';

afterEach(cleanup);

const SIZE = {
  id: 'size',
  type: 'multiple_choice',
  question: 'Which size?',
  options: [{ value: 'S' }, { value: 'M' }],
};
const WHY = { id: 'why', type: 'freeform', question: 'Why?', description: 'In a word.' };

async function show(item: object) {
  const backend = createFakeBackend({
    users: [{ id: 'bot', name: 'Botty' }],
    threads: [{ id: 'help', messages: [{ author: 'ada', text: 'Hi there', id: 'm1' }] }],
  });
  renderForAda(backend, <ChatWindow threadId="help" />);
  await screen.findByText('Hi there');
  await act(() => {
    const answer = backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' });
    answer.write({ type: 'data-chatkit-structured-input', id: 'q1', data: { id: 'q1', ...item } });
    answer.end();
    return Promise.resolve();
  });
  return () =>
    backend.requests
      .filter(({ name }) => name === 'actOnPart')
      .map(({ action }) => ({ partId: action?.partId, data: action?.data }));
}

test('answers go back, and what was left open as skipped', async () => {
  const acts = await show({ status: 'pending', inputs: [SIZE, WHY] });
  expect(await screen.findByRole('group', { name: 'Which size?' })).toBeTruthy();
  expect(screen.getByRole('textbox', { name: 'Why?', description: 'In a word.' })).toBeTruthy();
  await userEvent.click(screen.getByRole('radio', { name: 'M' }));
  const form = screen.getByRole('radio', { name: 'M' }).closest('form')!;
  await userEvent.click(form.querySelector('button[type=submit]')!);
  const answers = { size: { values: ['M'], skipped: false }, why: { values: [], skipped: true } };
  await waitFor(() => expect(acts()).toEqual([{ partId: 'q1', data: { status: 'answered', answers } }]));
});

test('all of it can be skipped', async () => {
  const acts = await show({ status: 'pending', inputs: [SIZE] });
  await userEvent.click(await screen.findByRole('button', { name: 'Skip' }));
  expect(acts()).toEqual([{ partId: 'q1', data: { status: 'skipped', answers: {} } }]);
});

test('afterwards it is what was answered', async () => {
  await show({
    status: 'answered',
    inputs: [
      { ...SIZE, answer: { values: ['S'], skipped: false } },
      { ...WHY, answer: { values: [], skipped: true } },
    ],
  });
  expect((await screen.findAllByRole('definition')).map(({ textContent }) => textContent)).toEqual(['S', 'Skipped']);
  expect(screen.queryByRole('button', { name: 'Skip' })).toBeNull();
});
