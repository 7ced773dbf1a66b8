import { ChatError } from '../../protocol/index.ts';

/** Which pages may talk to this server: its own, and those that the app lists. Compared whole, never by suffix or pattern. */
export class OriginPolicy {
  readonly #listed: ReadonlySet<string>;

  /** @throws {ChatError} `invalid_options` for an entry that no browser would ever send as an `Origin`. */
  constructor(allowedOrigins: readonly string[] = []) {
    if (!Array.isArray(allowedOrigins)) throw invalid(String(allowedOrigins), 'it must be an array of origins');
    for (const origin of allowedOrigins as readonly unknown[]) {
      if (typeof origin !== 'string' || !URL.canParse(origin)) throw invalid(String(origin), 'it is no origin');
      const exact = new URL(origin).origin;
      if (exact !== origin || exact === 'null') throw invalid(origin, `write it as a browser does: ${exact}`);
    }
    this.#listed = new Set(allowedOrigins);
  }

  isListed(origin: string): boolean {
    return this.#listed.has(origin);
  }

  /**
   * Whether `origin` is the server's own page or listed. The scheme is not compared: behind a proxy that ends TLS the server
   * cannot know its own, and a page of the same host cannot choose the `Host` that the browser sends.
   */
  trusts(origin: string, host: string): boolean {
    if (this.isListed(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const page = new URL(origin);
    if (page.protocol !== 'http:' && page.protocol !== 'https:') return false;
    const own = `${page.protocol}//${host}`;
    return URL.canParse(own) && new URL(own).host === page.host;
  }
}

function invalid(origin: string, why: string): ChatError {
  return new ChatError(
    'invalid_options',
    `allowedOrigins holds ${JSON.stringify(origin)}: ${why}. Example: https://app.example.com`,
  );
}
