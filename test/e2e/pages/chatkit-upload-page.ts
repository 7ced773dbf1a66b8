import { openAiChatKitBackend } from '../../../src/client/backends/openai-chatkit/index.ts';
import { createChatClient, type Upload, type UploadState } from '../../../src/client/index.ts';

export interface ChatKitUploadPage {
  begin(bytes: number): void;
  states: UploadState[];
  upload: Upload;
}

const backend = openAiChatKitBackend({
  url: '/chatkit',
  uploads: { maxBytes: 50_000_000, types: ['text/plain'], directUrl: '/upload' },
  headers: { 'x-app': 'shop' },
});
let count = 0;
const client = createChatClient({
  userId: 'ada',
  backend,
  fetchToken: () => Promise.resolve({ token: count++ === 0 ? 'stale' : 'good', expires_in: 600 }),
});
const page: Omit<ChatKitUploadPage, 'upload'> & { upload?: Upload } = {
  states: [],
  begin(bytes) {
    const file = new File(['x'.repeat(bytes)], 'große Datei.txt', { type: 'text/plain' });
    const upload = client.thread('room').upload(file);
    upload.subscribe(() => page.states.push(upload.get()));
    page.upload = upload;
  },
};
Object.assign(globalThis, { page });
