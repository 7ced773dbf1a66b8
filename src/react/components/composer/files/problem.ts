import type { UploadLimits } from '../../../../protocol/index.ts';
import type { AttachedFile } from '../../../attached.ts';
import { formatBytes } from '../../../format.ts';
import { errorText, type ChatStrings } from '../../../strings.ts';
import { MAX_FILES } from './attach.ts';

/** Why a file is not there, in the reader's words. */
export function problemOf(
  { upload, state: { error } }: AttachedFile,
  strings: ChatStrings,
  limits: UploadLimits | null,
  locale: string | undefined,
): string {
  if (!error) return strings.errorFallback;
  switch (error.code) {
    case 'message_too_long':
      return strings.filesTooMany(MAX_FILES);
    case 'attachment_too_large':
      return strings.fileTooLarge(limits && formatBytes(limits.maxBytes, locale));
    case 'attachment_refused':
      // What the app's own check says of a file is meant for the person.
      return upload ? strings.fileRefused(error.message) : strings.fileTypeRefused;
    default: {
      const { what, remedy } = errorText(strings, error);
      return `${what} ${remedy}`;
    }
  }
}
