import { MAX_PREVIEWS } from '../../protocol/index.ts';
import type { StoredPreview } from '../attachments/AttachmentPort.ts';
import { linksIn } from '../previews/linksIn.ts';
import type { Work } from './message-work.ts';
import { readRecord, writeRecord } from './stored-previews.ts';

/** Whatever happened to the message since its links were looked at: what is not one of them any more is not added. */
export function addPreviews(found: readonly StoredPreview[]): Work {
  return async ({ db, key, before, takePlace }) => {
    if (before.deletedAt !== null) return false;
    const links = linksIn(before.parts);
    const { shown, removed } = await readRecord(db, key.messageId);
    const known = new Set([...shown.map(({ url }) => url), ...removed]);
    const added = found.filter(({ url }) => links.includes(url) && !known.has(url));
    const all = [...shown, ...added].sort((a, b) => links.indexOf(a.url) - links.indexOf(b.url)).slice(0, MAX_PREVIEWS);
    if (!added.some((each) => all.includes(each))) return false;
    await takePlace();
    await writeRecord(db, key.messageId, { shown: all, removed });
    return true;
  };
}

export function removePreview(url: string): Work {
  return async ({ db, key, takePlace }) => {
    const { shown, removed } = await readRecord(db, key.messageId);
    const left = shown.filter((each) => each.url !== url);
    if (left.length === shown.length) return false;
    await takePlace();
    await writeRecord(db, key.messageId, { shown: left, removed: [...removed, url] });
    return true;
  };
}
