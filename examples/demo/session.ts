/**
 * The demo app's own sign-in: it stands for whatever your app has. A signed HttpOnly cookie holds who is there;
 * LatchKit never sees it, it only calls `authenticate`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

const COOKIE = 'demo_session';
const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_NAME_LENGTH = 40;

export interface Session {
  userId: string;
  name: string;
  sessionId: string;
  /** ms since 1970. */
  expiresAt: number;
}

const sign = (payload: string, key: string) => createHmac('sha256', key).update(payload).digest('base64url');

/** The person's id: the same name is the same person, whatever its case and spaces. Null for an unusable name. */
function idOf(name: string): string | null {
  const id = name
    .trim()
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return id === '' || name.trim().length > MAX_NAME_LENGTH ? null : id;
}

/** Makes a session for a name; null when the name has no letter or digit in it, or over 40 characters. */
export function createSession(name: string): Session | null {
  const userId = idOf(name);
  if (userId === null) return null;
  return { userId, name: name.trim(), sessionId: crypto.randomUUID(), expiresAt: Date.now() + 7 * DAY_MS };
}

export function sessionCookie(session: Session, key: string): string {
  const payload = Buffer.from(JSON.stringify(session)).toString('base64url');
  const seconds = Math.floor((session.expiresAt - Date.now()) / 1000);
  return `${COOKIE}=${payload}.${sign(payload, key)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}`;
}

export const clearedCookie = `${COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;

/** Reads the session from a Cookie header; null when there is none, or it was tampered with, or it has ended. */
export function readSession(cookieHeader: string | null | undefined, key: string): Session | null {
  const cookies = (cookieHeader ?? '').split(';').map((cookie) => cookie.trim());
  const [payload, signature] =
    cookies
      .find((cookie) => cookie.startsWith(`${COOKIE}=`))
      ?.slice(COOKIE.length + 1)
      .split('.') ?? [];
  if (!payload || !signature) return null;
  const expected = Buffer.from(sign(payload, key));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
  const session = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Session;
  return session.expiresAt > Date.now() ? session : null;
}
