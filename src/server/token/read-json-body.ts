/** Far above what any mint asks a browser for. */
const MAX_BODY_BYTES = 8_192;

export type JsonBody = Readonly<Record<string, unknown>>;

/**
 * Reads a request's JSON object, an empty one when there is no body. Never holds more than {@link MAX_BODY_BYTES}, whatever
 * `content-length` says. Reads a copy, so that the app's `authenticate` can read the body, too.
 */
export async function readJsonBody(request: Request): Promise<JsonBody | 'too_large' | 'malformed'> {
  if (request.body === null) return {};
  if (Number(request.headers.get('content-length')) > MAX_BODY_BYTES) return 'too_large';
  try {
    const bytes = await readBytes(request.clone().body);
    if (bytes === null) return 'too_large';
    if (bytes.byteLength === 0) return {};
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonBody) : 'malformed';
  } catch {
    // No UTF-8, no JSON, or the browser went away in the middle.
    return 'malformed';
  }
}

/** Null when there is more than is read. */
async function readBytes(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (let step = await reader?.read(); step && !step.done; step = await reader?.read()) {
    length += step.value.byteLength;
    if (length > MAX_BODY_BYTES) {
      // Not awaited: a copy's cancellation waits for the original's, which is nobody's to cancel here.
      void reader?.cancel().catch(() => {});
      return null;
    }
    chunks.push(step.value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
}
