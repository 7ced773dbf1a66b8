import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChatError } from '../../../protocol/index.ts';
import type { OpenAIChatKitMintOptions } from './openai-session.ts';
import { openaiChatKitMint } from './openaiChatKitMint.ts';
import type { MintContext } from './types.ts';

const API_KEY = 'sk-proj-CANARY0123456789abcdefghijklmnop';
const NOW = Date.parse('2026-03-01T12:00:00Z');
const session = { id: 'cksess_1', object: 'chatkit.session', client_secret: 'ek_secret', expires_at: NOW / 1000 + 300 };

const context = (over: Partial<MintContext> = {}): MintContext => ({
  user: { id: 'ada' },
  ttlSeconds: 300,
  now: NOW,
  body: {},
  signal: new AbortController().signal,
  ...over,
});

interface Call {
  url: string;
  method: string;
  headers: Headers;
  body: string;
}

/** Records what is sent, and answers with what it was given. */
function recorder(answer: () => Response | Promise<Response> = () => Response.json(session)) {
  const calls: Call[] = [];
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    calls.push({ url: request.url, method: request.method, headers: request.headers, body: await request.text() });
    return answer();
  };
  return { calls, send };
}

const mintWith = (send: typeof fetch, over: Partial<OpenAIChatKitMintOptions> = {}) =>
  openaiChatKitMint({ apiKey: API_KEY, workflowId: 'wf_1', fetch: send, ...over } as OpenAIChatKitMintOptions);

/** Everything that a log could show of an error. */
const shown = (error: unknown): string => {
  const { message, stack, cause } = error as ChatError;
  const rest = cause instanceof Error ? `${cause.message} ${cause.stack}` : JSON.stringify(cause);
  return `${message} ${stack} ${JSON.stringify(error)} ${rest}`;
};

const failure = (mint: Promise<unknown>): Promise<ChatError> =>
  mint.then(
    () => expect.unreachable('minted'),
    (error: unknown) => error as ChatError,
  );

describe('openaiChatKitMint against openai', () => {
  const important = ['authorization', 'openai-beta', 'content-type', 'accept'];
  const pick = ({ url, method, headers, body }: Call) => ({
    url,
    method,
    headers: Object.fromEntries(important.map((name) => [name, headers.get(name)])),
    body: JSON.parse(body) as unknown,
  });

  test.each<[string, Partial<OpenAIChatKitMintOptions>, Partial<OpenAI.Beta.ChatKit.SessionCreateParams>]>([
    ['with a workflow’s id alone', {}, {}],
    [
      'with every setting',
      {
        workflowId: undefined,
        workflow: { id: 'wf_2', version: '3', stateVariables: { plan: 'pro', seats: 4 }, tracing: false },
        rateLimits: { maxRequestsPerMinute: 20 },
        history: { enabled: true, recentThreads: 5 },
        fileUpload: { enabled: true, maxFiles: 2, maxFileSize: 16 },
        automaticThreadTitling: false,
      },
      {
        workflow: {
          id: 'wf_2',
          version: '3',
          state_variables: { plan: 'pro', seats: 4 },
          tracing: { enabled: false },
        },
        rate_limits: { max_requests_per_1_minute: 20 },
        chatkit_configuration: {
          history: { enabled: true, recent_threads: 5 },
          file_upload: { enabled: true, max_files: 2, max_file_size: 16 },
          automatic_thread_titling: { enabled: false },
        },
      },
    ],
  ])('sends what beta.chatkit.sessions.create sends, %s', async (_, ours, theirs) => {
    const own = recorder();
    const vendor = recorder();
    await mintWith(own.send, ours)(context());
    await new OpenAI({ apiKey: API_KEY, fetch: vendor.send }).beta.chatkit.sessions.create({
      user: 'ada',
      workflow: { id: 'wf_1' },
      expires_after: { anchor: 'created_at', seconds: 300 },
      ...theirs,
    });
    expect(own.calls.map(pick)).toEqual(vendor.calls.map(pick));
    expect(own.calls).toHaveLength(1);
  });

  test('another base address, with and without a slash at its end', async () => {
    for (const baseUrl of ['https://eu.api.openai.com/v1', 'https://eu.api.openai.com/v1/']) {
      const own = recorder();
      const vendor = recorder();
      await mintWith(own.send, { baseUrl })(context());
      const client = new OpenAI({ apiKey: API_KEY, baseURL: baseUrl, fetch: vendor.send });
      await client.beta.chatkit.sessions.create({ user: 'ada', workflow: { id: 'wf_1' } });
      expect(own.calls[0]?.url).toBe(vendor.calls[0]?.url);
    }
  });

  test('a workflow per person', async () => {
    const { calls, send } = recorder();
    const workflow = ({ id }: { id: string }) => ({ id: 'wf_9', stateVariables: { customer: id } });
    await openaiChatKitMint({ apiKey: API_KEY, workflow, fetch: send })(context());
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({
      workflow: { id: 'wf_9', state_variables: { customer: 'ada' } },
    });
  });

  test('to renew is to create again: a second session for the same person', async () => {
    const { calls, send } = recorder();
    const mint = mintWith(send);
    await mint(context());
    await mint(context({ body: { currentClientSecret: 'ek_old' } }));
    expect(calls.map(({ url, body }) => [url, body])[0]).toEqual(calls.map(({ url, body }) => [url, body])[1]);
  });
});

describe('the answer', () => {
  test('is the client secret, also under OpenAI’s name', async () => {
    expect(await mintWith(recorder().send)(context())).toEqual({
      token: 'ek_secret',
      expiresInSeconds: 300,
      fields: { client_secret: 'ek_secret' },
    });
  });

  test.each([
    ['the endpoint’s ttl', 120, undefined, 120],
    ['expiresAfterSeconds', 300, 60, 60],
    ['OpenAI’s ten minutes', 900, undefined, 600],
  ])('lives at most %s', async (_, ttlSeconds, expiresAfterSeconds, seconds) => {
    const expires_at = NOW / 1000 + 3_600;
    const { calls, send } = recorder(() => Response.json({ ...session, expires_at }));
    const minted = await mintWith(send, { expiresAfterSeconds })(context({ ttlSeconds }));
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ expires_after: { anchor: 'created_at', seconds } });
    expect(minted.expiresInSeconds).toBe(seconds);
  });

  test('a session that OpenAI ends sooner is not called longer', async () => {
    const answer = () => Response.json({ ...session, expires_at: NOW / 1000 + 90 });
    expect((await mintWith(recorder(answer).send)(context())).expiresInSeconds).toBe(90);
  });

  test.each([-86_400_000, 86_400_000])(
    'this server’s clock wrong by %d ms: measured by OpenAI’s Date',
    async (skew) => {
      const answer = () => Response.json(session, { headers: { date: new Date(NOW).toUTCString() } });
      const minted = await mintWith(recorder(answer).send)(context({ now: NOW + skew }));
      expect(minted.expiresInSeconds).toBe(300);
    },
  );

  test.each([
    ['no JSON', () => new Response('<html>')],
    ['no secret', () => Response.json({ ...session, client_secret: undefined })],
    ['an empty secret', () => Response.json({ ...session, client_secret: '' })],
    ['no end', () => Response.json({ ...session, expires_at: null })],
    ['an end that is past', () => Response.json({ ...session, expires_at: NOW / 1000 - 1 })],
    ['a list', () => Response.json([])],
  ])('200 with %s is no token', async (_, answer) => {
    expect(await failure(mintWith(recorder(answer).send)(context()))).toMatchObject({ code: 'auth_unavailable' });
  });
});

describe('when OpenAI fails', () => {
  const refuse = (status: number, headers: HeadersInit = {}) =>
    failure(
      mintWith(
        recorder(() =>
          Response.json(
            { error: { message: `Incorrect API key provided: ${API_KEY} (sk-proj-********mnop).`, code: 'some_code' } },
            { status, headers },
          ),
        ).send,
      )(context()),
    );

  test.each([401, 403])('%d is this server’s fault: 503 to the browser, the cause in the log', async (status) => {
    const error = await refuse(status, { 'x-request-id': 'req_7' });
    expect(error).toMatchObject({ code: 'auth_unavailable', status: 503, retryable: true });
    expect(error.message).toContain('apiKey');
    expect(error.cause).toMatchObject({ message: `OpenAI answered ${status} some_code (request req_7)` });
    expect(JSON.stringify(error.toWire())).not.toMatch(/40[13]|some_code/);
  });

  test.each([
    [429, { 'retry-after': '7' }, 7_000],
    [503, { 'retry-after': '1.5' }, 1_500],
    [503, { 'retry-after': new Date(NOW + 30_000).toUTCString() }, 30_000],
    [503, { 'retry-after': new Date(NOW + 30_000).toUTCString(), date: new Date(NOW + 20_000).toUTCString() }, 10_000],
    [503, { 'retry-after': new Date(NOW - 30_000).toUTCString() }, 0],
    [500, { 'retry-after': 'soon' }, undefined],
    [502, {}, undefined],
    [408, {}, undefined],
    [307, { location: 'https://elsewhere.example' }, undefined],
  ])('%d with %j waits %s ms', async (status, headers, retryAfterMs) => {
    expect(await refuse(status, headers)).toMatchObject({ code: 'auth_unavailable', status: 503, retryAfterMs });
  });

  test('a redirect is not followed: the key is for OpenAI’s address alone', async () => {
    const send = vi.fn<typeof fetch>(() => Promise.resolve(Response.json(session)));
    await mintWith(send)(context());
    expect(send.mock.lastCall?.[1]?.redirect).toBe('manual');
  });

  test.each([400, 404])('%d means that an option is wrong, and is not tried again', async (status) => {
    expect(await refuse(status)).toMatchObject({ code: 'invalid_options', retryable: false });
  });

  test.each([400, 401, 403, 404, 429, 500])('the key is in nothing that a log could show of %d', async (status) => {
    const text = shown(await refuse(status));
    expect(text).toContain(`OpenAI answered ${status}`);
    expect(text).not.toMatch(/CANARY|sk-proj/);
  });

  test('out of reach: the reason is kept, the key is not', async () => {
    const reason = new TypeError('fetch failed', { cause: new Error(`connect ECONNREFUSED, Bearer ${API_KEY}`) });
    const error = await failure(mintWith(() => Promise.reject(reason))(context()));
    expect(error).toMatchObject({ code: 'auth_unavailable' });
    expect(shown(error)).toContain('ECONNREFUSED');
    expect(shown(error)).not.toMatch(/CANARY/);
  });
});

describe('a hung OpenAI', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test.each([
    ['never answers and does not heed its signal', () => new Promise<Response>(() => {})],
    ['sends headers and then nothing', () => Promise.resolve(new Response(new ReadableStream()))],
  ])('that %s is given up after 10 s', async (_, answer) => {
    let settled = false;
    const error = failure(mintWith(answer)(context())).finally(() => (settled = true));
    await vi.advanceTimersByTimeAsync(9_999);
    expect(settled).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await error).toMatchObject({
      code: 'auth_unavailable',
      cause: { message: expect.stringContaining('within 10000 ms') as string },
    });
  });

  test('a browser that went away ends the request at once, and no timer is left', async () => {
    const browser = new AbortController();
    let heard: AbortSignal | null | undefined;
    const send: typeof fetch = (_, init) => {
      heard = init?.signal;
      return new Promise(() => {});
    };
    const error = failure(mintWith(send)(context({ signal: browser.signal })));
    await vi.advanceTimersByTimeAsync(100);
    browser.abort();
    expect(await error).toMatchObject({ code: 'auth_unavailable' });
    expect(heard?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('one that answers leaves no timer', async () => {
    await mintWith(() => Promise.resolve(Response.json(session)))(context());
    expect(vi.getTimerCount()).toBe(0);
  });
});

test.each([
  ['apiKey', { apiKey: undefined }],
  ['apiKey', { apiKey: '' }],
  ['apiKey', { apiKey: `${API_KEY}\n` }],
  ['apiKey', { apiKey: `${API_KEY} x` }],
  ['workflowId', { workflowId: undefined }],
  ['workflowId', { workflowId: ' ' }],
  ['workflowId', { workflow: { id: 'wf_2' } }],
  ['workflow.id', { workflowId: undefined, workflow: { id: '' } }],
  ['expiresAfterSeconds', { expiresAfterSeconds: 601 }],
  ['expiresAfterSeconds', { expiresAfterSeconds: 0 }],
  ['expiresAfterSeconds', { expiresAfterSeconds: 1.5 }],
  ['baseUrl', { baseUrl: 'api.openai.com' }],
  ['baseUrl', { baseUrl: 'http://api.openai.com/v1' }],
  ['baseUrl', { baseUrl: 'https://api.openai.com/v1?x=1' }],
])('a wrong %s is refused at creation, named, the key not quoted', (option, over) => {
  const make = () => mintWith(recorder().send, over);
  expect(make).toThrow(
    expect.objectContaining({
      code: 'invalid_options',
      message: expect.stringContaining(`openaiChatKitMint: ${option} `) as string,
    }),
  );
  expect(make).not.toThrow('CANARY');
});
