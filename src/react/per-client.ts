import { Store, type ChatClient } from '../client/index.ts';

/** A store per key, kept while the client lives: scrolling a row away, or another view, ends nothing; another person has their own. */
export function perClient<T>(): (client: ChatClient, key: string) => Store<T | null> {
  const all = new WeakMap<ChatClient, Map<string, Store<T | null>>>();
  return (client, key) => {
    let own = all.get(client);
    if (!own) all.set(client, (own = new Map<string, Store<T | null>>()));
    let store = own.get(key);
    if (!store) own.set(key, (store = new Store<T | null>(null)));
    return store;
  };
}
