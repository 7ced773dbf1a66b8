/** What an address may be, in a link or a picture. */
export interface LinkPolicy {
  /** Of links. Default: `https:`, `http:`, `mailto:`, `tel:`. */
  protocols: readonly string[];
  /** Hosts that pictures may be loaded from, or `all`. A picture’s address can carry what the text holds to whoever owns the host. Default: none but the page’s own. */
  imageHosts: readonly string[] | 'all';
}

export const DEFAULT_LINK_POLICY: LinkPolicy = {
  protocols: ['https:', 'http:', 'mailto:', 'tel:'],
  imageHosts: [],
};

/** The address to link to, or null for one that is not allowed: its words are shown without it. Relative ones belong to the page. */
export function allowedLink(href: string, policy: LinkPolicy): string | null {
  const url = parse(href);
  return url && policy.protocols.includes(url.protocol) ? href : null;
}

/** The address to load a picture from, or null: then a link to it is shown. */
export function allowedImage(src: string, policy: LinkPolicy): string | null {
  const url = parse(src);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const known = policy.imageHosts === 'all' || url.origin === base() || policy.imageHosts.includes(url.host);
  return known ? src : null;
}

function parse(address: string): URL | null {
  try {
    return new URL(address, base());
  } catch {
    return null;
  }
}

function base(): string {
  return typeof location === 'undefined' ? 'http://localhost' : location.origin;
}
