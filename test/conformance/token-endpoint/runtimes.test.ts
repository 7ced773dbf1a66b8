import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERROR_REGISTRY } from '../../../src/protocol/index.ts';
import { attacks, genuine, type TokenVector } from './attacks.ts';
import type { Verdict } from './harness.ts';
import { NOW, type Against } from './material.ts';
import { REQUESTS, type RequestVector } from './requests.ts';
import { createWorkerd, node } from './runtimes.ts';

test('the corpus is whole: no attack twice, each code in the registry, every kind of server attacked', () => {
  const rows = attacks(NOW);
  const names = rows.map(({ against, name }) => `${against}: ${name}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(rows.filter(({ code }) => !Object.hasOwn(ERROR_REGISTRY, code))).toEqual([]);
  expect(new Set(rows.map(({ against }) => against))).toEqual(
    new Set<Against>(['secret', 'untrimmed', 'ES256', 'EdDSA']),
  );
  expect(rows.length).toBeGreaterThan(300);
});

describe.each([node, createWorkerd()])('T66 $name', (runtime) => {
  beforeAll(() => runtime.start());
  afterAll(() => runtime.stop());

  async function verify({ against, token }: TokenVector): Promise<Verdict> {
    const response = await runtime.send(`/verify/${against}`, { method: 'POST', body: token });
    return (await response.json()) as Verdict;
  }

  describe('genuine tokens are taken', () => {
    test.each(genuine(NOW))('$against: $name', async (vector) => {
      expect(await verify(vector)).toMatchObject({ userId: expect.any(String) as string, sessionId: 's1' });
    });
  });

  describe('T68 attacks are refused, each for its own reason', () => {
    test.each(attacks(NOW))('$against: $name', async (attack) => {
      expect(await verify(attack)).toEqual({
        code: attack.code,
        message: expect.stringMatching(attack.because) as string,
      });
    });
  });

  async function answer({ endpoint, method = 'POST', headers, body, times = 1 }: RequestVector) {
    for (let sent = 1; sent < times; sent++) {
      await (await runtime.send(`/${endpoint}`, { method, headers, body })).text();
    }
    return runtime.send(`/${endpoint}`, { method, headers, body });
  }

  describe('the endpoint', () => {
    test.each(REQUESTS)('$name', async (vector) => {
      const response = await answer(vector);
      expect(response.status).toBe(vector.status);
      for (const [name, value] of Object.entries(vector.has ?? {})) {
        expect(response.headers.get(name), name).toBe(value);
      }
      const text = await response.text();
      expect(text).not.toContain('secret reason');
      expect(text).not.toContain('sessions.internal');
      if (vector.json) expect(JSON.parse(text)).toMatchObject(vector.json);
    });

    test.each(['secret', 'ES256', 'EdDSA'] as const)(
      '%s: what it mints is verified, and T61 never the same twice',
      async (against) => {
        const headers = { 'x-latchkit': '1', 'x-user': 'zoe' };
        const request: RequestVector = { name: '', endpoint: against, headers, status: 200 };
        const tokens = await Promise.all(
          [1, 2].map(async () => ((await (await answer(request)).json()) as { token: string }).token),
        );
        expect(tokens[0]).not.toBe(tokens[1]);
        expect(decodeProtectedHeader(tokens[0]!)).toMatchObject({ typ: 'chat+jwt', kid: expect.any(String) as string });
        const verdicts = await Promise.all(tokens.map((token) => verify({ name: '', against, token })));
        for (const verdict of verdicts) expect(verdict).toMatchObject({ userId: 'zoe', sessionId: 'user:zoe' });
      },
    );
  });
});
