import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLOSE_CODES, MAX_FRAME_BYTES, PROTOCOL_VERSION } from '../../../src/protocol/index.ts';
import { startTestServer, type TestServer } from '../../support/chat-server.ts';
import { TestSocket } from '../../support/socket.ts';
import { attacks, genuine } from './attacks.ts';
import { EDDSA, ES256, SECRET, UNTRIMMED_SECRET, type Against } from './material.ts';

// The whole corpus once more, at a real server's socket, by that server's own clock.
const signing = {
  secret: { secret: SECRET },
  untrimmed: { secret: UNTRIMMED_SECRET },
  ES256: { keys: { signing: ES256 } },
  EdDSA: { keys: { signing: EDDSA } },
} as const;

describe.each(Object.keys(signing) as Against[])('T68 a socket of a server with %s', (against) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(signing[against]);
  });
  afterAll(() => server.stop());

  async function open(token: string): Promise<TestSocket> {
    const socket = await TestSocket.connect(server.socketUrl);
    socket.send({ type: 'auth.open', protocol: PROTOCOL_VERSION, token });
    return socket;
  }

  test('lets genuine tokens in', async () => {
    // Without the one that a slow machine would make bad.
    const rows = genuine(Date.now()).filter((row) => row.against === against && !row.name.startsWith('an exp 4 s ago'));
    expect(rows).not.toEqual([]);
    for (const { token } of rows) {
      const socket = await open(token);
      await socket.take('auth.accepted');
      socket.close();
    }
  });

  test('refuses every attack without a word', async () => {
    // Without the two that a clock which goes on would make good.
    const rows = attacks(Date.now()).filter((row) => row.against === against && !/^(iat|nbf) 6 s ahead/.test(row.name));
    const answers = await Promise.all(
      rows.map(async ({ name, token }) => {
        const socket = await open(token);
        return { name, code: await socket.closed, frames: socket.frames };
      }),
    );
    expect(answers).toEqual(rows.map(({ name, token }) => ({ name, code: expectedCode(token), frames: [] })));
  });

  /** What is no token at all, or no frame, is told apart before any key is touched. */
  function expectedCode(token: string): number {
    if (token === '') return CLOSE_CODES.frame_malformed.code;
    return (token.length > MAX_FRAME_BYTES ? CLOSE_CODES.frame_too_large : CLOSE_CODES.token_refused).code;
  }
});
