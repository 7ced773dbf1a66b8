import { ChatError, MAX_PREVIEWS } from '../../protocol/index.ts';

/** Previews of the links in messages. `true` takes all defaults. */
export interface LinkPreviewOptions {
  /** Links of one message that are looked at, the first ones, 1–3. Default 1. */
  maxLinks?: number;
  /**
   * Whether a page's picture is kept as a file of the thread, up to 1 MiB. Needs `attachments`; without them, previews have no picture.
   * Default true.
   */
  images?: boolean;
  /**
   * The app's own rule, asked before every request, those to where a page redirects too: `false` refuses. It cannot allow what is refused
   * by itself: private networks, other ports. When it throws, it refused. Default: every public address may be asked.
   */
  allow?: (url: URL) => boolean | Promise<boolean>;
  /** Ports that may be asked. Default 80 and 443. */
  ports?: readonly number[];
  /** How long one page, redirects included, or one picture may take, ms, 500–30,000. Default 8,000. */
  timeoutMs?: number;
  /** Links that are looked at at the same time on this node, 1–100; the others wait. Default 4. */
  concurrency?: number;
  /** Messages of one person whose links are looked at per minute on this node. Default 20. */
  perUserPerMinute?: number;
  /** How long what was found is kept in memory for the next message with the same link, seconds, 0–86,400. Default 3,600. */
  cacheSeconds?: number;
  /** What the server calls itself to other sites. Default `LatchKit-LinkPreview/1.0`. */
  userAgent?: string;
}

export type CheckedPreviewOptions = Required<Omit<LinkPreviewOptions, 'allow'>> & Pick<LinkPreviewOptions, 'allow'>;

const MAX_PORT = 65_535;
const MAX_AGENT_LENGTH = 200;

/** @throws {ChatError} `invalid_options` naming the option */
export function checkPreviewOptions(given: LinkPreviewOptions | true): CheckedPreviewOptions {
  if (given !== true && (typeof given !== 'object' || given === null)) {
    throw invalid('', 'must be true, false or an object');
  }
  const {
    maxLinks = 1,
    images = true,
    allow,
    ports = [80, 443],
    timeoutMs = 8_000,
    concurrency = 4,
    perUserPerMinute = 20,
    cacheSeconds = 3_600,
    userAgent = 'LatchKit-LinkPreview/1.0',
  } = given === true ? {} : given;
  checkRange('maxLinks', maxLinks, 1, MAX_PREVIEWS);
  checkRange('timeoutMs', timeoutMs, 500, 30_000);
  checkRange('concurrency', concurrency, 1, 100);
  checkRange('perUserPerMinute', perUserPerMinute, 1, 10_000);
  checkRange('cacheSeconds', cacheSeconds, 0, 86_400);
  if (typeof images !== 'boolean') throw invalid('.images', 'must be true or false');
  if (allow !== undefined && typeof allow !== 'function') throw invalid('.allow', 'must be a function');
  if (!Array.isArray(ports) || ports.length === 0) throw invalid('.ports', 'must list ports');
  for (const port of ports as unknown[]) checkRange('ports', port, 1, MAX_PORT);
  if (typeof userAgent !== 'string' || !/^[\x20-\x7e]+$/.test(userAgent) || userAgent.length > MAX_AGENT_LENGTH) {
    throw invalid('.userAgent', `must be 1–${MAX_AGENT_LENGTH} characters of ASCII`);
  }
  return { maxLinks, images, allow, ports, timeoutMs, concurrency, perUserPerMinute, cacheSeconds, userAgent };
}

function checkRange(option: string, value: unknown, min: number, max: number): void {
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
    throw invalid(`.${option}`, `must be a whole number from ${min} to ${max}`);
  }
}

function invalid(option: string, why: string): ChatError {
  return new ChatError('invalid_options', `linkPreviews${option} ${why}.`);
}
