// LatchKit as an app uses it: provider and window of the built package, over a backend of its own.
import { createRoot } from 'react-dom/client';
import { ChatProvider, ChatWindow } from 'latchkit';
import 'latchkit/styles.css';
import { BenchBackend, fetchToken, threadId, userId } from './BenchBackend.js';

let root = null;
let backend = null;
let expectsAnswers = false;

/** The messages as a server has them: there before a list is mounted, as they are for the others. */
let prepared = null;

window.bench = {
  prepare(messages) {
    prepared = { messages, backend: new BenchBackend(messages) };
  },
  mount(messages, options) {
    backend = prepared?.messages === messages ? prepared.backend : new BenchBackend(messages, options);
    backend.expectsAnswers = expectsAnswers;
    root = createRoot(document.getElementById('root'));
    root.render(
      <ChatProvider userId={userId} backend={backend} fetchToken={fetchToken}>
        <ChatWindow threadId={threadId} />
      </ChatProvider>,
    );
  },
  expectAnswers: () => void (expectsAnswers = true),
  append: (message) => void backend.append(message),
  prepend: (messages) => backend.prepend(messages),
  unmount() {
    root.unmount();
    root = null;
    backend = null;
  },
  startStream: () => backend.beginAnswer(),
  pushDelta: (text) => backend.growAnswer(text),
  endStream: () => backend.endAnswer(),
  scroller: () => document.querySelector('.lk-viewport'),
};
