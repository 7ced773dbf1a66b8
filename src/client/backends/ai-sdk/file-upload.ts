import { v7 as uuidv7 } from 'uuid';
import { ChatError } from '../../../protocol/index.ts';
import type { AuthorizedFetch } from '../turns/authorizedFetch.ts';
import { toBase64 } from '../turns/base64.ts';
import { filePartOf } from '../turns/uploads/UploadedFiles.ts';
import type { UploadWay } from '../turns/uploads/UploadWay.ts';
import type { AiSdkBackendOptions } from './types.ts';

/** A file into the message itself, as `sendMessage` of the SDK’s own client puts it there. */
export const intoMessage: UploadWay = async ({ file, filename, mediaType, onBegin }) => {
  onBegin();
  const url = `data:${mediaType};base64,${await toBase64(file)}`;
  return filePartOf({ id: uuidv7(), filename, mediaType, size: file.size, url });
};

/** A file to where the app puts it. */
export function byApp(uploadFile: NonNullable<AiSdkBackendOptions['uploadFile']>, fetch: AuthorizedFetch): UploadWay {
  return async ({ onBegin, ...journey }) => {
    onBegin();
    const { file, filename, mediaType } = journey;
    const put: unknown = await uploadFile({ ...journey, fetch }).catch((thrown: unknown) => {
      throw uploadError(thrown);
    });
    const { url, ...told } = (put ?? {}) as Partial<Awaited<ReturnType<typeof uploadFile>>>;
    if (typeof url !== 'string') throw new ChatError('attachment_refused', 'The app says no address of the file.');
    return filePartOf({ id: uuidv7(), filename, mediaType, size: file.size, ...told, url });
  };
}

/** What an app’s own upload threw, as an error of the chat: by its `status` where it has one, else it is tried again. */
function uploadError(thrown: unknown): ChatError {
  if (ChatError.is(thrown)) return thrown;
  const status = typeof thrown === 'object' && thrown !== null && 'status' in thrown ? thrown.status : undefined;
  const message = 'The app could not upload the file.';
  if (status === 413) return new ChatError('attachment_too_large', message, { cause: thrown });
  const isFinal = typeof status === 'number' && status >= 400 && status < 500 && status !== 408 && status !== 429;
  return new ChatError(isFinal ? 'attachment_refused' : 'connection_lost', message, { cause: thrown });
}
