import * as v from 'valibot';
import { serverFrameSchema } from '../../protocol/index.ts';
import type { ServerFrame } from '../../protocol/index.ts';

/** Null for what this version does not know: a newer server may say more. */
export function readFrame(data: string): ServerFrame | null {
  try {
    const parsed = v.safeParse(serverFrameSchema, JSON.parse(data));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
