import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ChatProvider } from '../../ChatProvider.tsx';
import { ChatLauncher } from './ChatLauncher.tsx';

test.each([undefined, true])('on a server it is the bubble alone (open: %s)', (open) => {
  const html = renderToString(
    <ChatProvider userId="ada">
      <ChatLauncher threadId="help" unread={3} open={open} />
    </ChatProvider>,
  );
  expect(html).toContain('lk-bubble');
  expect(html).not.toContain('<dialog');
  expect(html).not.toContain('lk-window');
});
