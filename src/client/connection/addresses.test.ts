import { expect, it } from 'vitest';
import { serverUrl, socketUrl } from './addresses.ts';

it('works out the socket’s address', () => {
  expect(socketUrl('/chat', 'https://app.test/a/b?c')).toBe('wss://app.test/chat/socket');
  expect(socketUrl('/chat/', 'http://localhost:5173/')).toBe('ws://localhost:5173/chat/socket');
  expect(socketUrl('https://chat.test:8443/x', 'http://app.test/')).toBe('wss://chat.test:8443/x/socket');
  expect(() => socketUrl('/chat', undefined)).toThrow(expect.objectContaining({ code: 'invalid_options' }));
  expect(() => socketUrl('ftp://x/chat')).toThrow(expect.objectContaining({ code: 'invalid_options' }));
});

it('works out the server’s, over HTTP', () => {
  expect(serverUrl('chat?x#y', 'https://app.test/a/b?c')).toBe('https://app.test/a/chat');
  expect(serverUrl('wss://chat.test/x/')).toBe('https://chat.test/x');
  expect(serverUrl('ws://chat.test:81')).toBe('http://chat.test:81');
});
