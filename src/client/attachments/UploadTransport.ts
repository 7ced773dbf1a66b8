export interface UploadRequest {
  method: 'POST' | 'HEAD' | 'PATCH' | 'DELETE';
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Blob | null;
  signal: AbortSignal;
  /** Bytes of the body that have left. May never be called. */
  onProgress: (sent: number) => void;
}

export interface UploadResponse {
  status: number;
  header: (name: string) => string | null;
  body: string;
}

/** Sends one request. Rejects when no answer came, and when it was aborted. */
export type UploadTransport = (request: UploadRequest) => Promise<UploadResponse>;

/** The browser's XMLHttpRequest: `fetch` does not tell how much of a body has left. */
const xhrTransport: UploadTransport = ({ method, url, headers, body, signal, onProgress }) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    const end = (finish: () => void) => {
      signal.removeEventListener('abort', abort);
      finish();
    };
    signal.addEventListener('abort', abort);
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    // Only where it is wanted: a listener makes browsers ask before every request across origins.
    if (body) xhr.upload.onprogress = (event) => onProgress(event.loaded);
    xhr.onload = () =>
      end(() => resolve({ status: xhr.status, header: (name) => xhr.getResponseHeader(name), body: xhr.responseText }));
    xhr.onerror = () => end(() => reject(new TypeError('The server could not be reached.')));
    xhr.onabort = () => end(() => reject(signal.reason as Error));
    xhr.send(body);
  });

/** For where there is no XMLHttpRequest. Tells no progress within a request. */
const fetchTransport: UploadTransport = async ({ method, url, headers, body, signal }) => {
  const response = await globalThis.fetch(url, {
    method,
    headers,
    body,
    signal,
    redirect: 'error',
    credentials: 'omit',
    cache: 'no-store',
  });
  const text = await response.text();
  return { status: response.status, header: (name) => response.headers.get(name), body: text };
};

export function defaultTransport(): UploadTransport {
  return typeof XMLHttpRequest === 'undefined' ? fetchTransport : xhrTransport;
}
