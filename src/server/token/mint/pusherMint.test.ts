import fc from 'fast-check';
import Pusher from 'pusher';
import { describe, expect, test, vi } from 'vitest';
import { pusherMint, type PusherMintOptions } from './pusherMint.ts';
import type { MintContext } from './types.ts';

// The credentials and the worked examples of Pusher's reference of auth signatures.
const KEY = '278d425bdf160c739803';
const SECRET = '7ad3773142a6692b25b8';
const MASTER_KEY = btoa(String.fromCharCode(...Array.from({ length: 32 }, (_, index) => index * 7)));
const vendor = new Pusher({
  appId: '1',
  key: KEY,
  secret: SECRET,
  cluster: 'eu',
  encryptionMasterKeyBase64: MASTER_KEY,
});

const mintWith = (over: Partial<PusherMintOptions> = {}) =>
  pusherMint({ key: KEY, secret: SECRET, authorizeChannel: () => true, ...over });

const context = (body: Record<string, unknown>, over: Partial<MintContext> = {}): MintContext => ({
  user: { id: 'ada', name: 'Ada Lovelace' },
  ttlSeconds: 300,
  now: 1_772_366_400_000,
  body,
  signal: new AbortController().signal,
  ...over,
});

describe('pusherMint against pusher', () => {
  test('private channels: what authorizeChannel gives, whatever the socket and the channel', async () => {
    const mint = mintWith();
    const suffix = fc.stringMatching(/^[A-Za-z0-9_\-=@,.;]{1,100}$/).filter((name) => !name.startsWith('encrypted-'));
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), suffix, async (left, right, name) => {
        const socketId = `${left}.${right}`;
        const channelName = `private-${name}`;
        const { token, fields, expiresInSeconds } = await mint(
          context({ socket_id: socketId, channel_name: channelName }),
        );
        expect(fields).toEqual(vendor.authorizeChannel(socketId, channelName));
        expect(token).toBe(fields?.auth);
        expect(expiresInSeconds).toBe(300);
      }),
      { numRuns: 50 },
    );
  });

  test('presence channels: with the person’s data, whatever the name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (name) => {
        const { fields } = await mintWith()(
          context({ socket_id: '1234.1234', channel_name: 'presence-room' }, { user: { id: 'ada', name } }),
        );
        const data = { user_id: 'ada', user_info: { name } };
        expect(fields).toEqual(vendor.authorizeChannel('1234.1234', 'presence-room', data));
      }),
      { numRuns: 30 },
    );
  });

  test('encrypted channels: the shared secret too', async () => {
    const mint = mintWith({ encryptionMasterKeyBase64: MASTER_KEY });
    const { fields } = await mint(context({ socket_id: '1.2', channel_name: 'private-encrypted-room' }));
    expect(fields).toEqual(vendor.authorizeChannel('1.2', 'private-encrypted-room'));
    expect(fields?.shared_secret).toMatch(/^[\w+/]{43}=$/);
  });

  test('user authentication: what authenticateUser gives', async () => {
    const { fields, token } = await mintWith()(context({ socket_id: '1234.1234' }));
    const data = { id: 'ada', user_info: { name: 'Ada Lovelace' } };
    expect(fields).toEqual(vendor.authenticateUser('1234.1234', data));
    expect(token).toBe(fields?.auth);
  });

  test('no user_info when nothing is known, and the app’s own when it gives one', async () => {
    const nobody = { user: { id: '12345' } };
    const bare = await mintWith()(context({ socket_id: '1234.1234' }, nobody));
    expect(bare.fields).toEqual(vendor.authenticateUser('1234.1234', { id: '12345' }));
    const own = await mintWith({ userInfo: ({ id }) => ({ team: `of ${id}` }) })(context({ socket_id: '1.2' }, nobody));
    expect(own.fields?.user_data).toBe('{"id":"12345","user_info":{"team":"of 12345"}}');
  });
});

describe('what the browser asks is not trusted', () => {
  test.each([
    ['no socket', { channel_name: 'private-x' }],
    ['a socket that is a number', { socket_id: 1.2, channel_name: 'private-x' }],
    ['a socket that smuggles a channel', { socket_id: '1.1:private-admin', channel_name: 'private-x' }],
    ['a socket with a line break', { socket_id: '1.1\n', channel_name: 'private-x' }],
    ['a socket in other digits', { socket_id: '١.١', channel_name: 'private-x' }],
    ['a channel that smuggles a sign-in', { socket_id: '1.1', channel_name: ':user::{"id":"admin"}' }],
    ['… behind a good prefix', { socket_id: '1.1', channel_name: 'private-x:{"user_id":"admin"}' }],
    ['a colon alone', { socket_id: '1.1', channel_name: 'private-x:y' }],
    ['a public channel', { socket_id: '1.1', channel_name: 'news' }],
    ['a prefix in capitals', { socket_id: '1.1', channel_name: 'Private-x' }],
    ['a prefix alone', { socket_id: '1.1', channel_name: 'private-' }],
    ['a channel with a line break', { socket_id: '1.1', channel_name: 'private-x\n' }],
    ['a channel of 201 characters', { socket_id: '1.1', channel_name: `private-${'x'.repeat(193)}` }],
    ['a channel that is null', { socket_id: '1.1', channel_name: null }],
    ['a list of channels', { socket_id: '1.1', channel_name: ['private-x'] }],
    ['an encrypted channel without a master key', { socket_id: '1.1', channel_name: 'private-encrypted-x' }],
  ])('%s → bad_request, and the rule is not asked', async (_, body) => {
    const authorizeChannel = vi.fn(() => true);
    await expect(mintWith({ authorizeChannel })(context(body))).rejects.toMatchObject({ code: 'bad_request' });
    expect(authorizeChannel).not.toHaveBeenCalled();
  });

  test('the rule is asked with person and channel, and only true allows', async () => {
    const body = { socket_id: '1.1', channel_name: 'private-a' };
    const rule = vi.fn(({ user, channelName }: { user: { id: string }; channelName: string }) =>
      Promise.resolve(user.id === 'ada' && channelName === 'private-a'),
    );
    const mint = mintWith({ authorizeChannel: rule });
    await expect(mint(context(body))).resolves.toHaveProperty('fields.auth');
    await expect(mint(context({ ...body, channel_name: 'private-b' }))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(mint(context(body, { user: { id: 'eve' } }))).rejects.toMatchObject({ code: 'forbidden' });
    for (const answer of [undefined, 1, 'yes', {}]) {
      const lax = mintWith({ authorizeChannel: () => answer as unknown as boolean });
      await expect(lax(context(body))).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  test('a rule that throws is 503, not a yes and not a no', async () => {
    const cause = new Error('the database is down');
    const mint = mintWith({ authorizeChannel: () => Promise.reject(cause) });
    await expect(mint(context({ socket_id: '1.1', channel_name: 'private-a' }))).rejects.toMatchObject({
      code: 'auth_unavailable',
      cause,
    });
  });
});

test.each([
  ['key', { key: undefined }],
  ['key', { key: 'a:b' }],
  ['secret', { secret: ' ' }],
  ['secret', { secret: 'undefined' }],
  ['authorizeChannel', { authorizeChannel: undefined }],
  ['encryptionMasterKeyBase64', { encryptionMasterKeyBase64: 'c2hvcnQ=' }],
  ['encryptionMasterKeyBase64', { encryptionMasterKeyBase64: 'no*base64' }],
])('a wrong %s is refused at creation, named', (option, over) => {
  expect(() => mintWith(over as Partial<PusherMintOptions>)).toThrow(
    expect.objectContaining({
      code: 'invalid_options',
      message: expect.stringContaining(`pusherMint: ${option} `) as string,
    }),
  );
});
