/**
 * A `fetch` that tells how many bytes of a body have left: the platform’s own does not say. It follows redirects, and where there is no
 * XMLHttpRequest, it is the platform’s and tells nothing.
 */
export function progressFetch(onProgress: (sent: number) => void): typeof globalThis.fetch {
  if (typeof XMLHttpRequest === 'undefined') return globalThis.fetch.bind(globalThis);
  return (input, { method = 'GET', headers, body, signal, credentials } = {}) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const xhr = new XMLHttpRequest();
      const abort = () => xhr.abort();
      signal?.addEventListener('abort', abort);
      xhr.open(method, input instanceof Request ? input.url : input);
      xhr.withCredentials = credentials === 'include';
      for (const [name, value] of new Headers(headers)) xhr.setRequestHeader(name, value);
      xhr.upload.onprogress = ({ loaded }) => onProgress(loaded);
      xhr.onload = () => resolve(responseOf(xhr));
      xhr.onerror = () => reject(new TypeError('Failed to fetch'));
      xhr.onabort = () => reject(signal?.reason as Error);
      xhr.onloadend = () => signal?.removeEventListener('abort', abort);
      xhr.send(body as XMLHttpRequestBodyInit);
    });
}

function responseOf(xhr: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of xhr
    .getAllResponseHeaders()
    .trim()
    .split(/[\r\n]+/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  // These have none, and a Response takes none.
  const body = [204, 205, 304].includes(xhr.status) ? null : xhr.responseText;
  return new Response(body, { status: xhr.status, headers });
}
