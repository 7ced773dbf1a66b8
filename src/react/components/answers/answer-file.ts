import type { FilePart, MessagePart } from '../../../protocol/index.ts';
import type { ChatStrings } from '../../strings/types.ts';

/**
 * A file that an answer brings: one that a model made, of which its stream says the address and the kind; on a LatchKit server it is data,
 * since a file part there is one that was uploaded. Null for any other part.
 */
export function answerFileOf(part: MessagePart, strings: ChatStrings): FilePart | null {
  if (part.type === 'file') return withDefaults(part, strings);
  if (part.type !== 'data-file' || typeof part.data !== 'object' || part.data === null) return null;
  const { url, mediaType } = part.data as Record<string, unknown>;
  return typeof url === 'string' && typeof mediaType === 'string' ? withDefaults({ url, mediaType }, strings) : null;
}

function withDefaults(file: Pick<FilePart, 'url' | 'mediaType'> & Partial<FilePart>, strings: ChatStrings): FilePart {
  const name = file.mediaType.startsWith('image/') ? strings.taskPicture : nameIn(file.url);
  return {
    attachmentId: file.url,
    filename: name,
    size: 0,
    width: null,
    height: null,
    // There is no next link to ask for.
    urlExpiresAt: Number.MAX_SAFE_INTEGER,
    ...file,
    type: 'file',
  };
}

function nameIn(url: string): string {
  const name = URL.canParse(url) ? new URL(url).pathname.split('/').at(-1) : undefined;
  return url.startsWith('data:') || !name ? 'file' : name;
}
