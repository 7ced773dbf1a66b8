export interface FileToPut {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Blob;
  signal: AbortSignal;
  /** Bytes that have left. Never called where there is no XMLHttpRequest. */
  onProgress: (sent: number) => void;
}

/**
 * Sends a file to the place that the server gave for it, which need not be the server's own: with the headers that came with the place, and
 * neither token nor cookie. Resolves with the status; rejects when no answer came, and when it was aborted.
 */
export async function putFile({ method, url, headers, body, signal, onProgress }: FileToPut): Promise<number> {
  signal.throwIfAborted();
  if (typeof XMLHttpRequest === 'undefined') {
    const once = { redirect: 'error', credentials: 'omit', cache: 'no-store' } as const;
    const response = await globalThis.fetch(url, { method, headers, body, signal, ...once });
    void response.body?.cancel().catch(() => {});
    return response.status;
  }
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    signal.addEventListener('abort', abort);
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded }) => onProgress(loaded);
    xhr.onload = () => resolve(xhr.status);
    xhr.onerror = () => reject(new TypeError('The place for the file could not be reached.'));
    xhr.onabort = () => reject(signal.reason as Error);
    xhr.onloadend = () => signal.removeEventListener('abort', abort);
    xhr.send(body);
  });
}
