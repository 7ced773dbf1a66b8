import { readBody } from './readBody.ts';
import { readHead, type PageHead } from './readHead.ts';
import { Refusal } from './Refusal.ts';
import { request } from './request.ts';

/** More than any page's head; what says nothing of itself by then says nothing. */
const MAX_PAGE_BYTES = 524_288;
const PAGE_TYPES = ['text/html', 'application/xhtml+xml'];

export interface FoundPage extends Omit<PageHead, 'title' | 'image'> {
  title: string;
  /** The host that answered, without `www.`. */
  host: string;
  image: URL | null;
}

type Guards = Parameters<typeof request>[2];

/**
 * What a page says of itself; null for one that says nothing.
 * @throws {Refusal}
 */
export async function fetchPage(link: URL, guards: Guards): Promise<FoundPage | null> {
  const { response, url } = await request(link, PAGE_TYPES.join(', '), guards);
  try {
    const { type, charset } = readContentType(response.headers['content-type']);
    if (!PAGE_TYPES.includes(type)) throw new Refusal('wrong_type');
    const body = readBody(response, { maxBytes: MAX_PAGE_BYTES, signal: guards.signal });
    const { siteName, title, description, image } = await readHead(body, charset);
    if (title === null) return null;
    const host = url.hostname.replace(/^www\./, '');
    return { host, siteName, title, description, image: image === null ? null : URL.parse(image, url) };
  } finally {
    response.destroy();
  }
}

/** RFC 9110, 8.3. */
function readContentType(header = ''): { type: string; charset: string | undefined } {
  const [type = '', ...parameters] = header.split(';');
  const charset = parameters.map((each) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/i.exec(each)?.[1]).find(Boolean);
  return { type: type.trim().toLowerCase(), charset };
}
