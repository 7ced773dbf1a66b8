import { ChatError } from '../../protocol/index.ts';
import type { UploadResponse } from './UploadTransport.ts';

/** Whether the same request may succeed in a moment. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 409 || status === 423 || status >= 500;
}

/** The server's words for a refusal; a proxy's, which has none, by its status. */
export function errorForResponse(response: UploadResponse): ChatError {
  const problem = readProblem(response);
  if (problem) return ChatError.fromWire({ code: problem.code, message: problem.message });
  const { status } = response;
  if (status === 413) return new ChatError('attachment_too_large', 'The file is too large.');
  if (status === 404) return new ChatError('attachment_not_found', 'This server takes no files.');
  return new ChatError(isPassing(status) ? 'internal' : 'bad_request', `The upload was answered with ${status}.`, {
    status,
  });
}

/** The problem document of a LatchKit server; null for what comes from somewhere else. */
export function readProblem({ body }: UploadResponse): { code: string; message: string } | null {
  try {
    const { code, title, detail } = (JSON.parse(body) ?? {}) as Record<string, unknown>;
    if (typeof code !== 'string') return null;
    const words = [detail, title].find((each) => typeof each === 'string');
    return { code, message: words ?? 'The file was refused.' };
  } catch {
    return null;
  }
}
