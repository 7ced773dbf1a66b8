import { ChatError } from '../../../protocol/index.ts';
import type { AuthenticatedUser } from '../../types.ts';
import { fromBase64, hmacSha256, toBase64, toHex } from './hmac.ts';
import { invalidOption, lifetimeOf, requireCredential, resolvePerUser } from './options.ts';
import type { Mint } from './types.ts';

const NAME = 'pusherMint';
const MASTER_KEY_BYTES = 32;
const MAX_CHANNEL_LENGTH = 200;

// Both are signed with a colon between them, so neither may hold one: a "socket_id" of `1.1:private-x`, or a "channel" of
// `:user::{"id":"admin"}`, would otherwise buy a signature for something that was never asked about.
const SOCKET_ID = /^\d+\.\d+$/;
const CHANNEL_NAME = /^(?:private|presence)-[A-Za-z0-9_\-=@,.;]+$/;

export interface PusherMintOptions {
  /** The app key: public. */
  key: string | undefined;
  /** The app secret. Never leaves the server. */
  secret: string | undefined;
  /**
   * Whether this person may join this `private-…` or `presence-…` channel. There is no default: without a rule, every signed-in
   * person could read every channel. Only `true` allows; throwing means that it could not be found out (503).
   */
  authorizeChannel: (context: { user: AuthenticatedUser; channelName: string }) => boolean | Promise<boolean>;
  /** What other members see of a person (`user_info`). Default: `name` and `avatarUrl`, as far as they are known. */
  userInfo?: (user: AuthenticatedUser) => Record<string, unknown> | Promise<Record<string, unknown>>;
  /** 32 bytes in base64, as for Pusher's server library. Needed for `private-encrypted-…` channels, else they are refused. */
  encryptionMasterKeyBase64?: string;
}

/**
 * Signs what a Pusher Channels client asks for: to join a channel (the request's JSON body has `socket_id` and `channel_name`), or
 * to sign its person in (only `socket_id`). The answer has `auth`, with `channel_data`, `user_data` or `shared_secret` where they
 * belong; its `token` is the `auth` text.
 *
 * **Such a signature does not expire by itself.** It is bound to one connection (`socket_id`) and good for as long as that lasts;
 * `expires_in` only says when LatchKit's rules would be asked again. To put a person out sooner, call Pusher's "terminate user
 * connections". For the same reason it is not for `createTokenManager`: each channel and connection needs its own.
 *
 * In the browser, as `channelAuthorization.customHandler` of the Pusher client (and likewise `userAuthentication`):
 * ```ts
 * async ({ socketId, channelName }, callback) => {
 *   const response = await fetch('/chat/token', {
 *     method: 'POST',
 *     headers: { 'content-type': 'application/json' },
 *     body: JSON.stringify({ socket_id: socketId, channel_name: channelName }),
 *   });
 *   if (response.ok) callback(null, await response.json());
 *   else callback(new Error(`Refused: ${response.status}`), null);
 * };
 * ```
 * The mint throws `bad_request` for a malformed body, `forbidden` where the rule says no.
 *
 * @throws {ChatError} `invalid_options` at once, when an option is missing or malformed
 * @see https://pusher.com/docs/channels/library_auth_reference/auth-signatures/
 * @see https://pusher.com/docs/channels/using_channels/channels/#channel-naming-conventions
 */
export function pusherMint(options: PusherMintOptions): Mint {
  const { authorizeChannel, userInfo = knownInfo } = options;
  const fix = 'Copy it from “App Keys” in Pusher’s dashboard.';
  const key = requireCredential(NAME, 'key', options.key, fix);
  const secret = requireCredential(NAME, 'secret', options.secret, fix);
  if (key.includes(':')) throw invalidOption(NAME, 'key', 'holds a colon', `It is the key alone. ${fix}`);
  if (typeof authorizeChannel !== 'function') {
    throw invalidOption(
      NAME,
      'authorizeChannel',
      'is missing',
      'Pass ({ user, channelName }) => boolean: who may join which channel.',
    );
  }
  const masterKey = readMasterKey(options.encryptionMasterKeyBase64);

  const sign = async (text: string) => `${key}:${toHex(await hmacSha256(secret, text))}`;
  const infoOf = async (user: AuthenticatedUser) => {
    const info = await resolvePerUser(NAME, 'userInfo', userInfo, user);
    return info === undefined || Object.keys(info).length === 0 ? {} : { user_info: info };
  };

  async function signIn(user: AuthenticatedUser, socketId: string): Promise<Signed> {
    const user_data = JSON.stringify({ id: user.id, ...(await infoOf(user)) });
    return { auth: await sign(`${socketId}::user::${user_data}`), user_data };
  }

  async function join(user: AuthenticatedUser, socketId: string, channelName: string): Promise<Signed> {
    const isEncrypted = channelName.startsWith('private-encrypted-');
    if (isEncrypted && masterKey === undefined) {
      throw bad('encrypted channels are not set up on this server: pass encryptionMasterKeyBase64 to pusherMint');
    }
    const rule = () => authorizeChannel({ user, channelName });
    const mayJoin: unknown = await resolvePerUser(NAME, 'authorizeChannel', rule, user);
    if (mayJoin !== true) throw new ChatError('forbidden', 'This person may not join this channel.');

    if (channelName.startsWith('presence-')) {
      const channel_data = JSON.stringify({ user_id: user.id, ...(await infoOf(user)) });
      return { auth: await sign(`${socketId}:${channelName}:${channel_data}`), channel_data };
    }
    const auth = await sign(`${socketId}:${channelName}`);
    if (!isEncrypted || masterKey === undefined) return { auth };
    return { auth, shared_secret: await sharedSecret(channelName, masterKey) };
  }

  return async function mint(context) {
    const { user, body } = context;
    const { seconds } = lifetimeOf(context);
    const socketId = readSocketId(body.socket_id);
    const fields = Object.hasOwn(body, 'channel_name')
      ? await join(user, socketId, readChannelName(body.channel_name))
      : await signIn(user, socketId);
    return { token: fields.auth, expiresInSeconds: seconds, fields: { ...fields } };
  };
}

/** The answer's fields, named as Pusher's client reads them. */
interface Signed {
  auth: string;
  channel_data?: string;
  user_data?: string;
  shared_secret?: string;
}

function knownInfo({ name, avatarUrl }: AuthenticatedUser): Record<string, unknown> {
  return { ...(name !== undefined && { name }), ...(avatarUrl !== undefined && { avatarUrl }) };
}

function readSocketId(value: unknown): string {
  if (typeof value === 'string' && SOCKET_ID.test(value)) return value;
  throw bad('socket_id must be two numbers with a point between them, as Pusher gave it to this connection');
}

function readChannelName(value: unknown): string {
  if (typeof value !== 'string') throw bad('channel_name must be text; leave it out to sign the person in');
  if (value.length > MAX_CHANNEL_LENGTH) throw bad(`channel_name is longer than ${MAX_CHANNEL_LENGTH} characters`);
  if (CHANNEL_NAME.test(value)) return value;
  throw bad('channel_name must begin with private- or presence- and hold only letters, digits and _-=@,.;');
}

function readMasterKey(base64: unknown): Uint8Array | undefined {
  if (base64 === undefined) return undefined;
  const option = 'encryptionMasterKeyBase64';
  const fix = 'Make one with: openssl rand -base64 32';
  const bytes = fromBase64(requireCredential(NAME, option, base64, fix));
  if (bytes?.byteLength === MASTER_KEY_BYTES) return bytes;
  throw invalidOption(NAME, option, `is not ${MASTER_KEY_BYTES} bytes in base64`, fix);
}

/** The key of one encrypted channel: SHA-256 of its name and the master key. */
async function sharedSecret(channelName: string, masterKey: Uint8Array): Promise<string> {
  const name = new TextEncoder().encode(channelName);
  const input = new Uint8Array(name.byteLength + masterKey.byteLength);
  input.set(name);
  input.set(masterKey, name.byteLength);
  return toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', input)));
}

function bad(why: string): ChatError {
  return new ChatError('bad_request', `The request cannot be signed: ${why}.`);
}
