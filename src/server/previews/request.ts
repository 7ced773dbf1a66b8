import { Agent as HttpAgent, request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { checkUrl, type UrlRules } from './checkUrl.ts';
import type { Network, ResolvedAddress } from './Network.ts';
import { Refusal } from './Refusal.ts';

const MAX_REDIRECTS = 3;
const MAX_HEADER_BYTES = 16_384;

// Agents of their own: one of the app's may have a proxy, or connections that are open to somewhere already.
const HTTP = new HttpAgent({ keepAlive: false });
const HTTPS = new HttpsAgent({ keepAlive: false, maxCachedSessions: 0 });

export interface RequestRules extends UrlRules {
  userAgent: string;
}

export interface Answer {
  response: IncomingMessage;
  /** Where it came from in the end. */
  url: URL;
}

/**
 * Asks for a page or a picture, through up to three redirects, each checked like the first address. Carries no cookie, no referrer and no
 * credentials. The caller destroys the response.
 * @throws {Refusal}
 */
export async function request(
  link: URL,
  accept: string,
  { rules, network, signal }: { rules: RequestRules; network: Network; signal: AbortSignal },
): Promise<Answer> {
  let url = link;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const addresses = await untilAborted(checkUrl(url, rules, network), signal);
    const response = await send(url, addresses, {
      signal,
      headers: { accept, 'accept-encoding': 'gzip, br', 'user-agent': rules.userAgent },
    });
    const { statusCode = 0, headers } = response;
    if (statusCode >= 200 && statusCode < 300) return { response, url };
    response.destroy();
    const next = statusCode >= 300 && statusCode < 400 ? URL.parse(headers.location ?? '', url) : null;
    if (!next) throw new Refusal('bad_status');
    url = next;
  }
  throw new Refusal('too_many_redirects');
}

function send(url: URL, addresses: readonly ResolvedAddress[], options: RequestOptions): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const sent = (isSecure ? requestHttps : requestHttp)(url, {
      ...options,
      agent: isSecure ? HTTPS : HTTP,
      maxHeaderSize: MAX_HEADER_BYTES,
      // The name is not looked up again: a second answer may be another one (DNS rebinding).
      lookup: (_hostname, { all }, callback) => {
        const [first] = addresses;
        if (all) callback(null, [...addresses]);
        else callback(null, first?.address ?? '', first?.family);
      },
    });
    const fail = (cause?: unknown) =>
      reject(new Refusal(options.signal?.aborted ? 'too_late' : 'unreachable', { cause }));
    sent.on('response', resolve);
    sent.on('error', fail);
    // Also where it answers with something else than a response: an upgrade.
    sent.on('close', () => fail());
    sent.end();
  });
}

/** A name server that never answers must not hold a place for ever. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Refusal('too_late'));
    if (signal.aborted) late();
    signal.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}
