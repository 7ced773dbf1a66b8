import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { FilePart, LinkPreview } from '../../../protocol/index.ts';
import { createFakeBackend, type FakeBackend } from '../../../testing/index.ts';
import type { ChatProviderProps } from '../../ChatProvider.tsx';
import { item, renderForAda, settle } from '../../test-fixtures.tsx';
import { MessageList } from './MessageList.tsx';

// What is loaded when it is needed is there already: loading it takes as long as the machine likes.
beforeAll(() => import('./LinkPreview.tsx'));
afterEach(cleanup);

const URL = 'https://docs.example/tokens';
const PAGE: LinkPreview = {
  url: URL,
  host: 'docs.example',
  siteName: 'The Docs',
  title: 'How tokens live',
  description: 'A token lives for five minutes.',
};
const IMAGE: FilePart = {
  type: 'file',
  attachmentId: 'cover',
  mediaType: 'image/png',
  filename: 'preview.png',
  size: 9,
  width: 1_200,
  height: 630,
  url: '/chat/attachments/cover?expires=1&signature=x',
  urlExpiresAt: Number.MAX_SAFE_INTEGER,
};

async function open(props: Partial<ChatProviderProps> = {}): Promise<FakeBackend> {
  const backend = createFakeBackend({
    users: [{ id: 'ben', name: 'Ben' }],
    threads: [
      {
        id: 'help',
        messages: [
          { author: 'ada', text: `see ${URL}`, id: 'mine' },
          { author: 'ben', text: `see ${URL}`, id: 'theirs' },
        ],
      },
    ],
  });
  renderForAda(backend, <MessageList threadId="help" />, props);
  await settle();
  return backend;
}

const card = (id: string) => item(id).querySelector<HTMLElement>('.lk-preview');
async function show(backend: FakeBackend, messageId: string, ...previews: LinkPreview[]): Promise<void> {
  act(() => void backend.preview({ threadId: 'help', messageId, previews }));
  await waitFor(() => expect(item(messageId).querySelectorAll('.lk-preview')).toHaveLength(previews.length));
}

test('what the server found stands under the message, as one link that tells its page nothing of the reader', async () => {
  const backend = await open();
  expect(card('theirs')).toBeNull();
  await show(backend, 'theirs', PAGE);
  const link = within(card('theirs')!).getByRole('link', {
    name: 'docs.example The Docs How tokens live A token lives for five minutes.',
  });
  expect([link.getAttribute('href'), link.getAttribute('target')]).toEqual([URL, '_blank']);
  expect(link.getAttribute('rel')?.split(' ').sort()).toEqual(['nofollow', 'noopener', 'noreferrer']);
  expect(card('theirs')!.querySelector('img')).toBeNull();
});

test('a picture has its place before it is loaded, lazily, and is an ornament', async () => {
  const backend = await open();
  await show(backend, 'theirs', { ...PAGE, image: IMAGE });
  const image = card('theirs')!.querySelector('img')!;
  expect(card('theirs')!.dataset['image']).toBe('banner');
  expect(image.parentElement!.style.getPropertyValue('--lk-ratio')).toBe(String(1_200 / 630));
  expect([image.getAttribute('loading'), image.alt, image.getAttribute('referrerpolicy')]).toEqual([
    'lazy',
    '',
    'no-referrer',
  ]);
  expect(image.src).toContain('/chat/attachments/cover');
  await show(backend, 'theirs', { ...PAGE, image: { ...IMAGE, width: 200, height: 200 } });
  await waitFor(() => expect(card('theirs')!.dataset['image']).toBe('thumb'));
});

test('a picture that cannot be loaded leaves its place', async () => {
  const backend = await open();
  backend.setFault('attachmentLink', 'attachment_not_found');
  await show(backend, 'theirs', { ...PAGE, image: IMAGE });
  fireEvent.error(card('theirs')!.querySelector('img')!);
  await waitFor(() => expect(card('theirs')!.querySelector('img')).toBeNull());
  expect(card('theirs')!.querySelector('.lk-preview-image')).not.toBeNull();
});

test('an address that is no link’s is shown without one; its words are words', async () => {
  const backend = await open();
  const url = 'javascript:alert(1)';
  await show(backend, 'theirs', { ...PAGE, url, title: '<b>bold</b>', siteName: 'Docs.example' });
  expect(within(card('theirs')!).queryByRole('link')).toBeNull();
  expect(card('theirs')!.querySelector('b')).toBeNull();
  // Said once where the site is called by its host.
  expect(card('theirs')!.querySelector('.lk-preview-site')?.textContent.trim()).toBe('docs.example');
});

test('the app’s own rule for links is that of previews, too', async () => {
  const backend = await open({ links: { protocols: ['mailto:'] } });
  await show(backend, 'theirs', PAGE);
  expect(within(card('theirs')!).queryByRole('link')).toBeNull();
});

test('its author removes it by key, and the focus stays with the message', async () => {
  const backend = await open();
  await show(backend, 'mine', PAGE, { ...PAGE, url: 'https://other.example/', host: 'other.example' });
  await show(backend, 'theirs', PAGE);
  expect(within(item('theirs')).queryByRole('button', { name: /Remove the preview/ })).toBeNull();
  const button = screen.getByRole('button', { name: 'Remove the preview of docs.example' });
  backend.setFault('removePreview', 'never-answers');
  button.focus();
  await userEvent.keyboard('{Enter}');
  expect(card('mine')!.dataset['removing']).toBe('true');
  expect(button.isConnected).toBe(false);
  expect(document.activeElement).toBe(item('mine'));
  expect(backend.requests.filter(({ name }) => name === 'removePreview')).toEqual([
    { name: 'removePreview', userId: 'ada', threadId: 'help', messageId: 'mine', url: URL },
  ]);
  act(() => backend.setFault('removePreview', null));
  await waitFor(() => expect(item('mine').querySelectorAll('.lk-preview')).toHaveLength(1));
  expect(document.activeElement).toBe(item('mine'));
  expect(backend.messages('help')[0]?.previews?.map(({ host }) => host)).toEqual(['other.example']);
});

test('refused, it stays', async () => {
  const backend = await open();
  await show(backend, 'mine', PAGE);
  backend.setFault('removePreview', 'action_forbidden');
  await userEvent.click(screen.getByRole('button', { name: /Remove the preview/ }));
  await settle();
  expect(card('mine')!.dataset['removing']).toBe('false');
});

test('goes with its link, and with its message', async () => {
  const backend = await open();
  await show(backend, 'theirs', PAGE);
  act(() => void backend.edit({ threadId: 'help', messageId: 'theirs', text: 'never mind' }));
  await waitFor(() => expect(card('theirs')).toBeNull());
  await show(backend, 'mine', PAGE);
  act(() => void backend.delete({ threadId: 'help', messageId: 'mine' }));
  await waitFor(() => expect(card('mine')).toBeNull());
});

test('the app’s own stands in for it', async () => {
  const backend = await open({
    components: {
      LinkPreview: ({ preview, threadId }) => <p className="lk-preview">{`${threadId}: ${preview.title}`}</p>,
    },
  });
  await show(backend, 'theirs', PAGE);
  expect(card('theirs')!.textContent).toBe('help: How tokens live');
});
