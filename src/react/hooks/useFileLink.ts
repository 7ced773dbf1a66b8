import { useCallback, useEffect, useRef, useState } from 'react';
import type { FilePart } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { useChatConnection } from './useChatConnection.ts';
import { useMessageActions } from './useMessageActions.ts';

/** A link that ends within this is renewed before it is used: clocks differ, and loading takes time. */
const MARGIN_MS = 15_000;

export interface FileLink {
  /** Where the file is; null while its next link is asked for, and when there is none. */
  url: string | null;
  /** Its link was refused, and so was the next one. */
  failed: boolean;
  /** For the `error` event of what shows it: asks for the next link, once. */
  onError: () => void;
  /** A link that is good now: renewed if it has lapsed meanwhile. Rejects where there is none. */
  fresh: () => Promise<string>;
}

interface Link {
  url: string;
  expiresAt: number;
}

/** Only what a browser fetches: no `javascript:`, no page of its own. */
const FETCHED = new Set(['http:', 'https:', 'blob:']);

function resolve({ url, mediaType }: FilePart, link: string, server: string): string | null {
  if (link === '') return null; // Its far side has no link to it.
  const base = typeof location === 'undefined' ? 'http://localhost' : location.href;
  try {
    const { href, protocol } = new URL(link, new URL(server, base));
    // What travels in the message itself. No browser opens it as a page of its own: it is shown, or downloaded.
    const isInline = protocol === 'data:' && (!mediaType.startsWith('image/') || href.startsWith('data:image/'));
    if (!FETCHED.has(protocol) && !isInline) return null;
    // On a server, the page’s own address is not known: a relative link stays one.
    return typeof location === 'undefined' && link === url && url.startsWith('/') ? url : href;
  } catch {
    return null;
  }
}

/** The link to a file of a thread, renewed when it has lapsed. */
export function useFileLink(part: FilePart, threadId: string): FileLink {
  const { url: server } = useChatContext('useFileLink()');
  const { attachmentLink } = useMessageActions(threadId);
  const { attachmentId } = part;
  const given: Link = { url: part.url, expiresAt: part.urlExpiresAt };
  const [renewed, setRenewed] = useState<{ from: string; link: Link } | null>(null);
  const [failedFrom, setFailedFrom] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const connected = useChatConnection().status === 'connected';
  const renewedOnce = useRef<string | null>(null);
  const asking = useRef<Promise<Link> | null>(null);

  // A newer copy of the message brings its own link.
  const link = renewed?.from === part.url ? renewed.link : given;
  const [openedAt] = useState(() => Date.now());
  const lapsed = link.expiresAt - MARGIN_MS <= openedAt;
  const failed = failedFrom === part.url;

  const renew = useCallback(() => {
    asking.current ??= attachmentLink(attachmentId)
      .then(({ url, urlExpiresAt }) => {
        const next = { url, expiresAt: urlExpiresAt };
        setRenewed({ from: part.url, link: next });
        return next;
      })
      .finally(() => {
        asking.current = null;
      });
    return asking.current;
  }, [attachmentLink, attachmentId, part.url]);

  const stale = lapsed && renewed?.from !== part.url;
  const due = (stale || refused === part.url) && connected && !failed;
  useEffect(() => {
    if (!due || renewedOnce.current === part.url) return;
    renewedOnce.current = part.url;
    renew().catch(() => setFailedFrom(part.url));
  }, [due, renew, part.url]);

  return {
    url: stale || failed ? null : resolve(part, link.url, server),
    failed,
    // A link that was renewed and refused once more is refused for good.
    onError: () => (renewedOnce.current === part.url ? setFailedFrom : setRefused)(part.url),
    fresh: async () => {
      const { url } = Date.now() > link.expiresAt - MARGIN_MS || failed ? await renew() : link;
      const resolved = resolve(part, url, server);
      if (resolved === null) throw new TypeError('A link to a file is neither http nor https.');
      return resolved;
    },
  };
}
