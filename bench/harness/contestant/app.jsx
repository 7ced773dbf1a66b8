// The smallest app with a working chat: token, connection and window. For the size of what it loads.
import { createRoot } from 'react-dom/client';
import { ChatProvider, ChatWindow } from 'latchkit';
import 'latchkit/styles.css';

createRoot(document.getElementById('root')).render(
  <ChatProvider url="/chat" userId="ada">
    <ChatWindow threadId="general" />
  </ChatProvider>,
);
