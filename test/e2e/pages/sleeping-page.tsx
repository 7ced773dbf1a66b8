// The page of sleep.test.ts: a whole chat, on a device whose clock goes on for an hour while it sleeps.
import { ChatProvider, ChatWindow } from 'latchkit';
import 'latchkit/styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

const SLEEP_MS = 3_600_000;

const now = Date.now.bind(Date);
let slept = 0;
Date.now = () => now() + slept;
// As a machine's own: what runs after waking finds the hour gone, and timers know nothing of it.
document.addEventListener('freeze', () => (slept += SLEEP_MS));

const root = document.getElementById('root');
if (!root) throw new Error('The page has no root.');
createRoot(root).render(
  <StrictMode>
    <ChatProvider url="/chat" userId="ada">
      <ChatWindow threadId="general" />
    </ChatProvider>
  </StrictMode>,
);
