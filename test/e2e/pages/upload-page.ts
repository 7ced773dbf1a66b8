import { createHttpTokenFetcher } from '../../../src/client/auth/http-token-fetcher.ts';
import { createTokenManager } from '../../../src/client/auth/TokenManager.ts';
import { createUpload } from '../../../src/client/attachments/createUpload.ts';
import type { Upload, UploadState } from '../../../src/client/attachments/types.ts';

export interface UploadPage {
  /** Begins to upload a PNG with so many bytes of text in it. */
  begin(bytes: Uint8Array): void;
  states: UploadState[];
  upload: Upload;
}

const tokens = createTokenManager({ fetchToken: createHttpTokenFetcher({ url: '/chat' }), userId: 'ada' });
const page: Omit<UploadPage, 'upload'> & { upload?: Upload } = {
  states: [],
  begin(bytes) {
    const file = new File([new Uint8Array(bytes)], 'große Datei.png');
    const upload = createUpload({ url: '/chat', threadId: 'general', file, tokens });
    upload.subscribe(() => page.states.push(upload.get()));
    page.upload = upload;
  },
};
Object.assign(globalThis, { page });
