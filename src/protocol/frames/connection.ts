import * as v from 'valibot';
import { uploadLimitsSchema, userSchema } from '../message.ts';
import { durationSchema, requestIdSchema } from './common.ts';

const tokenSchema = v.pipe(v.string(), v.nonEmpty());

/** The first frame on every connection. Answered by `auth.accepted`, or by closing with `token_refused`. */
export const authOpenSchema = v.object({
  type: v.literal('auth.open'),
  protocol: v.number(),
  token: tokenSchema,
});

/** A newer token for this connection, same `sub` and `sid`. Answered by `auth.renewed`, or by closing with `token_refused`. */
export const authRenewSchema = v.object({
  type: v.literal('auth.renew'),
  requestId: requestIdSchema,
  token: tokenSchema,
});

/** Asks whether the other side is alive. Answered by `pong`. */
export const pingSchema = v.object({ type: v.literal('ping') });

/** The connection is authenticated; only now is it open. `expiresInMs` is what the token has left by the server's clock. */
export const authAcceptedSchema = v.object({
  type: v.literal('auth.accepted'),
  protocol: v.number(),
  user: userSchema,
  expiresInMs: durationSchema,
  serverTime: v.number(),
  /** Which files may be uploaded; absent where none are taken. */
  uploads: v.optional(uploadLimitsSchema),
  /** Over the event stream only: names the connection in the requests that carry this client's frames. A secret of theirs. */
  connectionId: v.optional(v.string()),
});

/** Answers `auth.renew`: the connection now lives by the newer token. */
export const authRenewedSchema = v.object({
  type: v.literal('auth.renewed'),
  requestId: requestIdSchema,
  expiresInMs: durationSchema,
});

/** The connection's token has ≥ 25 % of its life left: renew it now. Also reaches hidden tabs, whose timers sleep. */
export const authExpiringSchema = v.object({
  type: v.literal('auth.expiring'),
  expiresInMs: durationSchema,
});

/** Answers a request whose success has nothing more to say. */
export const requestDoneSchema = v.object({
  type: v.literal('request.done'),
  requestId: requestIdSchema,
});

/** Answers a request that was refused. The connection goes on. */
export const requestRefusedSchema = v.object({
  type: v.literal('request.refused'),
  /** Null when the refused frame carried none. */
  requestId: v.nullable(requestIdSchema),
  error: v.object({
    code: v.string(),
    message: v.string(),
    retryable: v.boolean(),
    retryAfterMs: v.optional(durationSchema),
  }),
});

/** Answers `ping`. */
export const pongSchema = v.object({ type: v.literal('pong') });
