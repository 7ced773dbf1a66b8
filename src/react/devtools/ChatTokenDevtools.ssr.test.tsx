import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ChatProvider } from '../ChatProvider.tsx';
import { ChatTokenDevtools } from './ChatTokenDevtools.tsx';

test('T48 a server renders nothing of it, and asks for nothing', () => {
  let asked = 0;
  const html = renderToString(
    <ChatProvider
      userId="ada"
      fetchToken={() => {
        asked += 1;
        return Promise.resolve('never');
      }}
    >
      <ChatTokenDevtools initialIsOpen />
    </ChatProvider>,
  );
  expect(html).toBe('');
  expect(asked).toBe(0);
});
