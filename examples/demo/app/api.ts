/** The demo app's own backend: who is signed in. Nothing of LatchKit here. */
export interface Me {
  id: string;
  name: string;
  /** Whether they help others: theirs is an inbox. */
  isAgent: boolean;
}

async function answer<T>(response: Response): Promise<T> {
  const body = (await response.json()) as unknown;
  if (!response.ok)
    throw new Error((body as { message?: string }).message ?? `The server answered ${response.status}.`);
  return body as T;
}

const post = (path: string, body: unknown) =>
  fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export const getMe = async () => answer<Me | null>(await fetch('/api/me'));
export const signIn = async (name: string) => answer<Me>(await post('/api/sign-in', { name }));
export const signOut = async () => answer<null>(await post('/api/sign-out', {}));
