/** What tabs say to each other. Ages and spans in ms, as they are when the message is sent. */
export type TabMessage =
  /** I want a token: of those who do, the lowest rank asks for it. Whoever has a newer one than mine (null: none) shares it. */
  | { type: 'claim'; user: string; rank: string; ageMs: number | null }
  /** I heard a claim, and have nothing better to say: the claimer is not alone. */
  | { type: 'here'; user: string }
  /** I am asking for one: hold off for so long. */
  | { type: 'minting'; user: string; id: string; forMs: number }
  /** I asked in vain. */
  | { type: 'failed'; user: string; id: string }
  /** Here is one, with its whole lifetime. `at` is the wall clock's time, which the tabs of one machine share. */
  | { type: 'token'; user: string; token: string; lifetimeMs: number; ageMs: number; at: number }
  | { type: 'signed-out'; user: string };

const FIELDS: Record<TabMessage['type'], Record<string, 'string' | 'number'>> = {
  claim: { rank: 'string' },
  here: {},
  minting: { id: 'string', forMs: 'number' },
  failed: { id: 'string' },
  token: { token: 'string', lifetimeMs: 'number', ageMs: 'number', at: 'number' },
  'signed-out': {},
};

/** Null for junk and for what is about another person. Any script of the page's origin can post here. */
export function readTabMessage(data: unknown, user: string): TabMessage | null {
  if (typeof data !== 'object' || data === null) return null;
  const message = data as Record<string, unknown>;
  const { type } = message;
  if (message.user !== user || typeof type !== 'string' || !Object.hasOwn(FIELDS, type)) return null;
  for (const [field, kind] of Object.entries(FIELDS[type as TabMessage['type']])) {
    const value = message[field];
    if (typeof value !== kind || (kind === 'number' && !((value as number) >= 0))) return null;
  }
  return message as unknown as TabMessage;
}
