import { ChatError } from '../../index.ts';

// A JWT begins with `{"` in base64url; also in the middle of a text or an address.
const JWT = /eyJ[\w-]{5,}(?:\.[\w-]*)*/g;
const SECRET_NAME = /token$|^raw$|secret|password|authorization|cookie/i;
const REDACTED = '[redacted]';

/** A text without what looks like a token. The kit's own texts hold none; an app's errors and events may. */
export function redact(text: string): string {
  return text.replace(JWT, REDACTED);
}

/** JSON without tokens and secrets, of whatever an event may carry: errors as their code and remedy, and never a throw. */
export function safeJson(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, safely, indent) ?? String(value);
  } catch {
    return '"[not to be shown as JSON]"'; // It holds itself, or a BigInt.
  }
}

function safely(name: string, value: unknown): unknown {
  if (typeof value === 'string') return SECRET_NAME.test(name) ? REDACTED : redact(value);
  if (ChatError.is(value)) {
    const { code, message, status, retryable, remediation } = value;
    return { code, message, status, retryable, remediation };
  }
  if (value instanceof Error) return { name: value.name, message: value.message };
  return value;
}
