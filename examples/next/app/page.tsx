import { ChatProvider, ChatWindow } from 'latchkit';
import { headers } from 'next/headers';
import { chat } from '../lib/chat';
import { userFrom } from '../lib/session';

/** A Server Component: the session is read here, and the messages are in the first markup, with no token and no connection. */
export default async function Page() {
  const user = userFrom((await headers()).get('cookie'));
  if (!user) {
    return (
      <main>
        <h1>LatchKit in Next</h1>
        <form action="/api/sign-in" method="post">
          <label>
            Your name, in small letters <input name="id" required pattern="[a-z]{1,20}" />
          </label>
          <button>Sign in</button>
        </form>
      </main>
    );
  }
  const general = await chat.threads.page('general', user.id);
  return (
    <main>
      <h1>Hello, {user.name}</h1>
      <ChatProvider userId={user.id} initialThreads={general ? [general] : []} locale="en-GB">
        <ChatWindow threadId="general" />
      </ChatProvider>
    </main>
  );
}
