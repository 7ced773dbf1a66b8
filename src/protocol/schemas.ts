/**
 * The schemas, in a file of their own in the package too: the server validates by them, and so a page need not load them, nor the
 * library that they are written in (docs/decisions/0010).
 */
export { clientFrameSchema } from './client-frames.ts';
export { memberSchema, messageSchema, partsSchema, threadSchema, userSchema } from './message.ts';
export { serverFrameSchema } from './server-frames.ts';
