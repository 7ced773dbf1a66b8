import { afterEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { ChatError } from '../../../../protocol/index.ts';
import { createFakeBackend, createFakeFetchToken } from '../../../../testing/index.ts';
import { ChatProvider } from '../../../ChatProvider.tsx';
import '../../../styles/index.css';
import { ChatWindow } from '../../window/ChatWindow.tsx';

afterEach(() => vi.restoreAllMocks());

/** A microphone at which somebody whistles. */
async function whistle(): Promise<MediaStream> {
  const context = new AudioContext();
  await context.resume();
  const oscillator = context.createOscillator();
  const { stream } = oscillator.connect(context.createMediaStreamDestination()) as MediaStreamAudioDestinationNode;
  oscillator.start();
  return stream;
}

async function open(transcribe: (audio: Blob) => Promise<string>, microphone: () => Promise<MediaStream> = whistle) {
  const getUserMedia = vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockImplementation(microphone);
  const backend = createFakeBackend({ threads: [{ id: 'help', title: 'Help desk' }] });
  const screen = await render(
    <div style={{ width: 420, height: 600 }}>
      <ChatProvider
        userId="me"
        backend={{ ...backend, transcribe }}
        fetchToken={createFakeFetchToken({ userId: 'me' })}
        composer={{ dictation: true }}
      >
        <ChatWindow threadId="help" />
      </ChatProvider>
    </div>,
  );
  return { screen, getUserMedia };
}

test('what is said is recorded, taken down by the backend, and stands in the message', async () => {
  let written: (text: string) => void = () => {};
  const transcribe = vi.fn((_: Blob) => new Promise<string>((resolve) => (written = resolve)));
  const { screen, getUserMedia } = await open(transcribe);
  await screen.getByRole('button', { name: 'Dictate' }).click();
  await expect.element(screen.getByText('Listening…')).toBeVisible();
  await expect.poll(() => getUserMedia.mock.results.length).toBe(1);
  const stream = (await getUserMedia.mock.results[0]?.value) as MediaStream;
  await new Promise((resolve) => setTimeout(resolve, 300));
  await screen.getByRole('button', { name: 'Stop dictating' }).click();
  await expect.element(screen.getByText('Writing it down…')).toBeVisible();
  await expect.poll(() => transcribe.mock.calls.length).toBe(1);
  const [audio] = transcribe.mock.calls[0]!;
  expect(audio.type).toBe('audio/webm;codecs=opus');
  expect(audio.size).toBeGreaterThan(100);
  // Nobody listens any more.
  expect(stream.getTracks().map(({ readyState }) => readyState)).toEqual(['ended']);
  written('Good morning.');
  await expect.element(screen.getByRole('textbox')).toHaveValue('Good morning. ');
  await expect.element(screen.getByRole('button', { name: 'Dictate' })).toBeVisible();
});

test('a microphone that is refused, and a backend that fails, are told', async () => {
  const denied = () => Promise.reject(new DOMException('No.', 'NotAllowedError'));
  const { screen } = await open(() => Promise.resolve(''), denied);
  await screen.getByRole('button', { name: 'Dictate' }).click();
  await expect.element(screen.getByText(/microphone is blocked/)).toBeVisible();
  await screen.unmount();

  const next = await open(() => Promise.reject(new ChatError('connection_lost', 'Gone.')));
  await next.screen.getByRole('button', { name: 'Dictate' }).click();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await next.screen.getByRole('button', { name: 'Stop dictating' }).click();
  await expect.element(next.screen.getByText(/did not work/)).toBeVisible();
});

test('leaving in the middle lets go of the microphone, and sends nothing', async () => {
  const transcribe = vi.fn(() => Promise.resolve('x'));
  const { screen, getUserMedia } = await open(transcribe);
  await screen.getByRole('button', { name: 'Dictate' }).click();
  await expect.poll(() => getUserMedia.mock.results.length).toBe(1);
  const stream = (await getUserMedia.mock.results[0]?.value) as MediaStream;
  await screen.unmount();
  await expect.poll(() => stream.getTracks()[0]?.readyState).toBe('ended');
  expect(transcribe).not.toHaveBeenCalled();
});
