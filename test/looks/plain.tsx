// The page of styles.test.ts: a window of plain messages whose later styles are on their way for good, with no styles of its own.
import { ChatProvider, ChatWindow } from 'latchkit';
import { createFakeBackend, createFakeFetchToken } from 'latchkit/testing';
import { createRoot } from 'react-dom/client';
import { DESK, ME, usersOf } from './scenes.ts';

const asked = new URLSearchParams(location.search);
const backend = createFakeBackend({
  uploads: {},
  users: usersOf('en'),
  threads: [
    {
      id: DESK,
      title: 'Help desk',
      members: [{ id: ME, role: 'owner' }, 'ada', 'jun'],
      read: { [ME]: 3, ada: 4 },
      messages: [
        { id: 'words', author: 'ada', minutesAgo: 1500, text: 'See https://docs.acme.example\n\nIt is all in there.' },
        { id: 'own', author: ME, minutesAgo: 1499, text: 'Thank you. See http://acme.example, too.' },
        { id: 'more', author: ME, minutesAgo: 1498, text: 'And who may do it?' },
        { author: 'jun', minutesAgo: 20, text: 'Any owner.' },
        { author: 'jun', minutesAgo: 19, text: 'And each admin.' },
        { id: 'gone', author: 'ada', minutesAgo: 18, text: 'Nobody else.' },
      ],
    },
  ],
});

/** What may come to such a list without a part that comes later: edits, a pin, an answer, somebody who writes, and what fails. */
function happen(): void {
  backend.edit({ threadId: DESK, messageId: 'own', text: 'Thank you.' });
  backend.pin({ threadId: DESK, messageId: 'words', userId: 'ada' });
  backend.delete({ threadId: DESK, messageId: 'gone' });
  backend.receive({ threadId: DESK, author: 'ada', text: 'Those two.', replyTo: 'more' });
  backend.setPresence({ userId: 'ada', online: true });
  backend.setFault('sendMessage', 'forbidden');
}

Object.assign(window, {
  happen,
  type: () => backend.type({ threadId: DESK, userId: 'ada' }),
  refuse: () => backend.disconnect('forbidden'),
});

const root = document.getElementById('root');
if (!root) throw new Error('The page has no root.');
createRoot(root).render(
  <ChatProvider
    userId={ME}
    backend={backend}
    fetchToken={createFakeFetchToken({ userId: ME })}
    theme={asked.get('theme') === 'dark' ? 'dark' : 'system'}
    density={asked.has('compact') ? 'compact' : 'comfortable'}
    locale="en-GB"
    loadStyles={() => new Promise(() => {})}
  >
    <ChatWindow threadId={DESK} showThreads={asked.has('threads')} />
  </ChatProvider>,
);
