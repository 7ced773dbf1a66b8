// The page of looks.test.ts: one scene, as its address asks for it.
import '@fontsource/vazirmatn/400.css';
import '@fontsource/vazirmatn/500.css';
import '@fontsource/vazirmatn/600.css';
import '@fontsource/vazirmatn/700.css';
import { ChatProvider, ChatWindow } from 'latchkit';
import 'latchkit/styles.css';
import { createFakeBackend, createFakeFetchToken } from 'latchkit/testing';
import { createRoot } from 'react-dom/client';
import { ARABIC } from '../../src/react/strings/locales/ar.ts';
import './page.css';
import { DESK, happen, ME, threadsOf, usersOf, type Language } from './scenes.ts';

const asked = new URLSearchParams(location.search);
const language: Language = asked.get('language') === 'ar' ? 'ar' : 'en';
const theme = asked.get('theme') === 'dark' ? 'dark' : 'light';
const list = asked.has('list');
const words = language === 'ar' ? { strings: ARABIC, locale: 'ar-u-nu-latn' } : { locale: 'en-GB' };

const backend = createFakeBackend({ users: usersOf(language), threads: threadsOf(language) });
Object.assign(window, {
  happen: () => happen(backend, language),
  refuse: () => backend.setFault('sendMessage', 'forbidden'),
  type: () => backend.type({ threadId: DESK, userId: 'ada' }),
});

document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
document.documentElement.lang = language;
const root = document.getElementById('root');
if (!root) throw new Error('The page has no root.');
createRoot(root).render(
  <ChatProvider
    userId={ME}
    backend={backend}
    fetchToken={createFakeFetchToken({ userId: ME })}
    theme={theme}
    {...words}
  >
    <ChatWindow threadId={list ? undefined : DESK} showThreads />
  </ChatProvider>,
);
