import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { textOf } from '../../../../protocol/index.ts';
import { createFakeBackend, createFakeFetchToken, type FakeBackendOptions } from '../../../../testing/index.ts';
import { ChatProvider } from '../../../ChatProvider.tsx';
import '../../../styles/index.css';
import { ChatWindow } from '../../window/ChatWindow.tsx';

const text = (name: string, words = 'words') => new File([words], name, { type: 'text/plain' });

async function open(options: FakeBackendOptions = { uploads: {} }) {
  const backend = createFakeBackend({
    threads: [
      { id: 'help', title: 'Help desk' },
      { id: 'ops', title: 'Ops' },
    ],
    ...options,
  });
  const tree = (threadId: string) => (
    <div style={{ width: 420, height: 600 }}>
      <ChatProvider userId="me" backend={backend} fetchToken={createFakeFetchToken({ userId: 'me' })}>
        <ChatWindow threadId={threadId} />
      </ChatProvider>
    </div>
  );
  const screen = await render(tree('help'));
  await expect.element(screen.getByRole('textbox', { name: 'Message to Help desk' })).toBeEnabled();
  return { backend, screen, show: (threadId: string) => screen.rerender(tree(threadId)) };
}

type Screen = Awaited<ReturnType<typeof open>>['screen'];

async function choose(screen: Screen, ...files: File[]) {
  await expect.element(screen.getByRole('button', { name: 'Attach files' })).toBeVisible();
  const input = document.querySelector<HTMLInputElement>('input[type="file"]');
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  Object.assign(input as HTMLInputElement, { files: transfer.files });
  input?.dispatchEvent(new Event('change', { bubbles: true }));
}

const sent = (backend: ReturnType<typeof createFakeBackend>) =>
  backend
    .messages('help')
    .map(({ parts }) => parts.map((part) => (part.type === 'file' ? `[${part.filename}]` : textOf([part]))).join(' '));

test('files go out with the text, in the order in which they were chosen', async () => {
  const { backend, screen } = await open();
  await choose(screen, text('b.txt'), text('a.txt'));
  await expect.element(screen.getByRole('list', { name: 'Files to send' })).toBeVisible();
  await expect.element(screen.getByText('a.txt is uploaded')).toBeInTheDocument();
  await expect.element(screen.getByRole('textbox')).toHaveFocus();
  await userEvent.keyboard('Look{Enter}');
  await expect.poll(() => sent(backend)).toEqual(['Look [b.txt] [a.txt]']);
  await expect.element(screen.getByRole('list', { name: 'Files to send' })).not.toBeInTheDocument();
});

test('a file alone is a message', async () => {
  const { backend, screen } = await open();
  await choose(screen, text('a.txt'));
  await expect.element(screen.getByText('a.txt is uploaded')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Send' }));
  await expect.poll(() => sent(backend)).toEqual(['[a.txt]']);
});

test('a server that takes no files offers none', async () => {
  const { screen } = await open({});
  await expect.element(screen.getByRole('button', { name: 'Send' })).toBeVisible();
  await expect.element(screen.getByRole('button', { name: 'Attach files' })).not.toBeInTheDocument();
});

test('sent while a file is under way, the message waits for it, says so, and goes out once; typing takes that back', async () => {
  const { backend, screen } = await open({ uploads: {}, faults: { upload: 'never-answers' } });
  await choose(screen, text('a.txt', 'x'.repeat(1_000)));
  await expect.element(screen.getByRole('progressbar', { name: 'Uploading a.txt' })).toHaveAttribute('value', '50');
  await userEvent.keyboard('Look{Enter}{Enter}');
  await expect.element(screen.getByText('Goes out as soon as its files are uploaded.')).toBeVisible();
  await userEvent.keyboard('!');
  await expect.element(screen.getByText('Goes out as soon as its files are uploaded.')).not.toBeInTheDocument();
  await userEvent.keyboard('{Enter}');
  expect(sent(backend)).toEqual([]);
  backend.setFault('upload', null);
  await expect.poll(() => sent(backend)).toEqual(['Look! [a.txt]']);
});

test('a failed file says why and holds the message back; retried or removed, it goes out', async () => {
  const { backend, screen } = await open({ uploads: {}, faults: { upload: 'connection_lost' } });
  await choose(screen, text('a.txt'), text('b.txt'));
  await expect.element(screen.getByText('The connection was lost.', { exact: false }).first()).toBeVisible();
  await userEvent.keyboard('Look{Enter}');
  await expect.element(screen.getByText('A file was not uploaded.', { exact: false })).toBeVisible();
  backend.setFault('upload', null);
  await userEvent.click(screen.getByRole('button', { name: 'Try again to upload a.txt' }));
  screen.getByRole('button', { name: 'Remove b.txt' }).element().focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(screen.getByRole('button', { name: 'Remove a.txt' })).toHaveFocus();
  await userEvent.click(screen.getByRole('textbox'));
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => sent(backend)).toEqual(['Look [a.txt]']);
});

test('what is too large, or of a kind that is not taken, is said before anything is uploaded', async () => {
  const { backend, screen } = await open({ uploads: { maxBytes: 1_000, types: ['text/plain'] } });
  await choose(screen, text('big.txt', 'x'.repeat(1_001)), new File(['x'], 'film.mp4', { type: 'video/mp4' }));
  await expect.element(screen.getByText('Too large: at most 1 kB', { exact: true })).toBeVisible();
  await expect.element(screen.getByText('Files of this type are not taken', { exact: true })).toBeVisible();
  expect(backend.requests.filter(({ name }) => name === 'upload')).toEqual([]);
  await expect
    .element(screen.getByRole('button', { name: 'Attach files' }))
    .toHaveAttribute('aria-description', 'Up to 1 kB each');
});

test('offline an upload pauses, and goes on by itself', async () => {
  const { backend, screen } = await open({ uploads: {}, faults: { upload: 'never-answers' } });
  await choose(screen, text('a.txt'));
  backend.goOffline();
  await expect.element(screen.getByText('Paused while you are offline')).toBeVisible();
  backend.setFault('upload', null);
  backend.goOnline();
  await expect.element(screen.getByText('a.txt is uploaded')).toBeInTheDocument();
});

test('what stands in a thread’s composer stays there when another thread is opened', async () => {
  const { screen, show } = await open();
  await choose(screen, text('a.txt'));
  await expect.element(screen.getByText('a.txt is uploaded')).toBeInTheDocument();
  await show('ops');
  await expect.element(screen.getByRole('textbox', { name: 'Message to Ops' })).toBeEnabled();
  await expect.element(screen.getByRole('list', { name: 'Files to send' })).not.toBeInTheDocument();
  await show('help');
  await expect.element(screen.getByRole('button', { name: 'Remove a.txt' })).toBeVisible();
});

function drag(target: Element, type: string, transfer: DataTransfer) {
  const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer });
  target.dispatchEvent(event);
  return event;
}

test('files can be dropped anywhere on the window, which says so; text that is dragged is nobody’s', async () => {
  const { screen } = await open();
  await expect.element(screen.getByRole('button', { name: 'Attach files' })).toBeVisible();
  const header = document.querySelector('.lk-header') as Element;
  const words = new DataTransfer();
  words.setData('text/plain', 'words');
  expect(drag(header, 'dragenter', words).defaultPrevented).toBe(false);
  const transfer = new DataTransfer();
  transfer.items.add(text('dropped.txt'));
  drag(header, 'dragenter', transfer);
  await expect.element(screen.getByText('Drop files to attach them')).toBeVisible();
  drag(header, 'dragenter', transfer);
  drag(header, 'dragleave', transfer);
  await expect.element(screen.getByText('Drop files to attach them')).toBeVisible();
  expect(drag(header, 'drop', transfer).defaultPrevented).toBe(true);
  await expect.element(screen.getByText('Drop files to attach them')).not.toBeInTheDocument();
  await expect.element(screen.getByRole('button', { name: 'Remove dropped.txt' })).toBeVisible();
});

test('a pasted picture is attached; where there is text too, the text is meant', async () => {
  const { screen } = await open();
  await expect.element(screen.getByRole('button', { name: 'Attach files' })).toBeVisible();
  const box = screen.getByRole('textbox').element();
  const paste = (transfer: DataTransfer) => {
    const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: transfer });
    box.dispatchEvent(event);
    return event.defaultPrevented;
  };
  const both = new DataTransfer();
  both.items.add(new File(['x'], 'cells.png', { type: 'image/png' }));
  both.setData('text/plain', '1\t2');
  expect(paste(both)).toBe(false);
  const picture = new DataTransfer();
  picture.items.add(new File(['x'], 'shot.png', { type: 'image/png' }));
  expect(paste(picture)).toBe(true);
  await expect.element(screen.getByRole('button', { name: 'Remove shot.png' })).toBeVisible();
});
