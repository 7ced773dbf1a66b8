// The smallest app with a working chat: token, connection and window. For the size of what it loads, by an app that cares for it.
import { createRoot } from 'react-dom/client';
import { ChatProvider, ChatWindow } from 'latchkit';
import 'latchkit/styles/first.css';

createRoot(document.getElementById('root')).render(
  <ChatProvider url="/chat" userId="ada" loadStyles={() => import('latchkit/styles/later.css')}>
    <ChatWindow threadId="general" />
  </ChatProvider>,
);
