/** What the token endpoint answers to what, as data: T60–T65 for every runtime. */
import { NOW } from './material.ts';
import type { EndpointName } from './harness.ts';

export interface RequestVector {
  name: string;
  endpoint: EndpointName;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** How often it is sent; the last answer counts. */
  times?: number;
  status: number;
  /** Headers that the answer has; null: that it has not. */
  has?: Record<string, string | null>;
  /** Members that its JSON has. */
  json?: Record<string, unknown>;
}

const seconds = NOW / 1000;
const JSON_TYPE = { 'content-type': 'application/json' };
const ADA = { ...JSON_TYPE, 'x-user': 'ada' };
const NEVER_CACHED = { 'cache-control': 'no-store' };
const PROBLEM = { ...NEVER_CACHED, 'content-type': 'application/problem+json' };
const NO_CORS = { 'access-control-allow-origin': null, 'access-control-allow-credentials': null };
const CORS = { 'access-control-allow-origin': 'https://web.example', 'access-control-allow-credentials': 'true' };

const LIFE = { token_type: 'Bearer', expires_in: 60, expires_at: seconds + 60, server_time: seconds };

function refusal(name: string, headers: Record<string, string>, status: number, code: string): RequestVector {
  return { name, endpoint: 'secret', headers, status, has: { ...PROBLEM, ...NO_CORS }, json: { status, code } };
}

export const REQUESTS: RequestVector[] = [
  ...(['secret', 'ES256', 'EdDSA'] as const).map((endpoint): RequestVector => ({
    name: `T60 ${endpoint}: a token, its life and its times, never cached`,
    endpoint,
    headers: ADA,
    body: '{}',
    status: 200,
    has: { ...NEVER_CACHED, 'content-type': 'application/json', vary: 'Origin', ...NO_CORS },
    json: LIFE,
  })),
  ...['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'].map((method): RequestVector => ({
    name: `T60 ${method} is not taken`,
    endpoint: 'secret',
    method,
    headers: { 'x-user': 'ada' },
    status: 405,
    has: { ...NEVER_CACHED, allow: 'POST, OPTIONS' },
  })),
  refusal('T62 nobody', JSON_TYPE, 401, 'unauthenticated'),
  refusal('T62 somebody refused', { ...JSON_TYPE, 'x-user': 'forbidden' }, 403, 'forbidden'),
  refusal('T62 an id that is none', { ...JSON_TYPE, 'x-user': 'ada lovelace' }, 500, 'internal'),
  {
    ...refusal('T62 the session store is down', { ...JSON_TYPE, 'x-user': 'down' }, 503, 'auth_unavailable'),
    has: { ...PROBLEM, 'retry-after': '2' },
  },

  // T64: who may ask. The endpoint is at http://app.example.
  refusal(
    'T64 a foreign page',
    { ...ADA, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    403,
    'cross_site_refused',
  ),
  refusal(
    'T64 a foreign page, in an old browser',
    { ...ADA, origin: 'https://evil.example' },
    403,
    'cross_site_refused',
  ),
  refusal(
    'T64 a subdomain',
    { ...ADA, origin: 'http://blog.app.example', 'sec-fetch-site': 'same-site' },
    403,
    'cross_site_refused',
  ),
  refusal('T64 an opaque origin', { ...ADA, origin: 'null' }, 403, 'cross_site_refused'),
  refusal('T64 a listed origin as a suffix', { ...ADA, origin: 'https://evil-web.example' }, 403, 'cross_site_refused'),
  refusal(
    'T64 a listed origin as a prefix',
    { ...ADA, origin: 'https://web.example.evil.example' },
    403,
    'cross_site_refused',
  ),
  refusal(
    'T64 a listed origin with another scheme',
    { ...ADA, origin: 'http://web.example' },
    403,
    'cross_site_refused',
  ),
  refusal(
    'T64 a listed origin with another port',
    { ...ADA, origin: 'https://web.example:8443' },
    403,
    'cross_site_refused',
  ),
  refusal('T64 cross-site without an origin', { ...ADA, 'sec-fetch-site': 'cross-site' }, 403, 'cross_site_refused'),
  refusal(
    'T64 a form',
    { 'x-user': 'ada', 'content-type': 'application/x-www-form-urlencoded' },
    415,
    'unsupported_media_type',
  ),
  refusal(
    'T64 a form with files',
    { 'x-user': 'ada', 'content-type': 'multipart/form-data; boundary=x' },
    415,
    'unsupported_media_type',
  ),
  refusal('T64 plain text', { 'x-user': 'ada', 'content-type': 'text/plain' }, 415, 'unsupported_media_type'),
  refusal(
    'T64 JSON as a parameter of another type',
    { 'x-user': 'ada', 'content-type': 'text/plain; application/json' },
    415,
    'unsupported_media_type',
  ),
  {
    name: 'T64 its own page',
    endpoint: 'secret',
    headers: { ...ADA, origin: 'http://app.example', 'sec-fetch-site': 'same-origin' },
    status: 200,
    has: NO_CORS,
    json: LIFE,
  },
  {
    name: 'T64 a listed page',
    endpoint: 'secret',
    headers: { ...ADA, origin: 'https://web.example', 'sec-fetch-site': 'cross-site' },
    status: 200,
    has: { ...CORS, vary: 'Origin' },
    json: LIFE,
  },
  {
    name: 'T64 a listed page may read a refusal',
    endpoint: 'secret',
    headers: { ...JSON_TYPE, origin: 'https://web.example' },
    status: 401,
    has: CORS,
    json: { code: 'unauthenticated' },
  },
  {
    name: 'T64 a program with its own header',
    endpoint: 'secret',
    headers: { 'x-user': 'ada', 'x-latchkit': '1' },
    status: 200,
    json: LIFE,
  },
  {
    name: 'T64 the preflight of a listed page',
    endpoint: 'secret',
    method: 'OPTIONS',
    headers: {
      origin: 'https://web.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
    status: 204,
    has: {
      ...CORS,
      ...NEVER_CACHED,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, x-latchkit',
    },
  },
  {
    name: 'T64 the preflight of a foreign page',
    endpoint: 'secret',
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    status: 403,
    has: { ...NO_CORS, 'access-control-allow-methods': null, 'access-control-allow-headers': null },
  },

  {
    name: 'T65 the third request within a window of two',
    endpoint: 'limited',
    headers: { ...ADA, 'x-session': 'busy' },
    times: 3,
    status: 429,
    has: { ...PROBLEM, 'retry-after': '10' },
    json: { code: 'rate_limited', retryable: true },
  },
  {
    name: 'T65 another session’s second',
    endpoint: 'limited',
    headers: { ...ADA, 'x-session': 'calm' },
    times: 2,
    status: 200,
    json: LIFE,
  },

  // The body, and other services’ mints
  { name: 'no body', endpoint: 'secret', headers: ADA, status: 200, json: LIFE },
  ...['{', '[]', 'null', '7', '"text"', '{}{}'].map((body): RequestVector => ({
    name: `the body ${body} is refused`,
    endpoint: 'echo',
    headers: ADA,
    body,
    status: 400,
    has: PROBLEM,
    json: { code: 'bad_request' },
  })),
  { name: 'a body of 8 KB', endpoint: 'secret', headers: ADA, body: '{}'.padEnd(8_192), status: 200, json: LIFE },
  {
    name: 'a body over 8 KB is refused',
    endpoint: 'secret',
    headers: ADA,
    body: '{}'.padEnd(8_193),
    status: 413,
    has: PROBLEM,
    json: { code: 'bad_request' },
  },
  {
    name: 'a mint is given person, life and body, and its fields override nothing',
    endpoint: 'echo',
    headers: ADA,
    body: '{"room":"a"}',
    status: 200,
    json: { ...LIFE, token: 'opaque-ada', expires_in: 30, expires_at: seconds + 30, body: { room: 'a' } },
  },
  {
    name: 'a mint that throws',
    endpoint: 'refusing',
    headers: ADA,
    status: 503,
    has: { ...PROBLEM, 'retry-after': '2' },
    json: { code: 'auth_unavailable' },
  },
  {
    name: 'a mint that refuses',
    endpoint: 'refusing',
    headers: ADA,
    body: '{"code":"forbidden"}',
    status: 403,
    has: PROBLEM,
    json: { code: 'forbidden', title: 'This person may not chat.' },
  },
  {
    name: 'a mint that is limited',
    endpoint: 'refusing',
    headers: ADA,
    body: '{"code":"rate_limited"}',
    status: 429,
    has: { ...PROBLEM, 'retry-after': '5' },
    json: { code: 'rate_limited' },
  },

  {
    name: 'T69 the public keys, and nothing private',
    endpoint: 'jwks',
    method: 'GET',
    status: 200,
    has: { 'cache-control': 'public, max-age=300', 'content-type': 'application/jwk-set+json' },
    json: {
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          x: 'yTUkXQ8aYj_KyEXRsLr8dQDlu8AV4OTKVwgsI28vSOY',
          kid: 'ed-1',
          alg: 'EdDSA',
          use: 'sig',
        },
        {
          kty: 'EC',
          crv: 'P-256',
          x: 'rDHoAOzv6a_Qth7tSsAhSHN_tlRqkVl6K7W88Pseex8',
          y: '9nb2anq5iivZ67lVZdSJt_j9Tvxlw7tSStXKVygvR38',
          kid: 'es-1',
          alg: 'ES256',
          use: 'sig',
        },
      ],
    },
  },
];
