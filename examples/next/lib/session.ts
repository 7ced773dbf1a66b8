/** Stands for the app’s own sign-in: use the one that you have. A name in a cookie proves nothing. */
const COOKIE = 'example_user';

export interface SignedIn {
  id: string;
  name: string;
}

export function userFrom(cookieHeader: string | null): SignedIn | null {
  const found = (cookieHeader ?? '').split('; ').find((cookie) => cookie.startsWith(`${COOKIE}=`));
  const id = found?.slice(COOKIE.length + 1) ?? '';
  return /^[a-z]{1,20}$/.test(id) ? { id, name: id.charAt(0).toUpperCase() + id.slice(1) } : null;
}

export const cookieOf = (id: string): string => `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Lax`;
