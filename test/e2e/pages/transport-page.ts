import { createChatClient } from 'latchkit/client';

/** A page without React: shows the connection's status and a thread's messages, and sends what is typed. */
const chat = createChatClient({ url: '/chat', userId: new URLSearchParams(location.search).get('user') ?? '' });
const thread = chat.thread('general');

function show(id: string, lines: string[]): void {
  document
    .getElementById(id)
    ?.replaceChildren(...lines.map((text) => Object.assign(document.createElement('p'), { textContent: text })));
}

chat.connection.subscribe(() => show('status', [chat.connection.get().status]));
thread.subscribe(() => {
  show(
    'messages',
    thread.get().messages.map(({ message, delivery }) => {
      const text = message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
      return `${message.author.id}: ${text} (${delivery})`;
    }),
  );
});
document.querySelector('form')?.addEventListener('submit', (event) => {
  event.preventDefault();
  const field = document.querySelector('input');
  if (field) thread.send(field.value);
});
chat.retain();
