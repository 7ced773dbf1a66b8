/** What a page gives away, by surface, and how much was looked at. */
export interface PageSearch {
  surfaces: Record<string, string>;
  counts: { objects: number; strings: number; chatTokens: number; fibres: number };
}

/**
 * Runs inside the page, so it stands alone: reads whatever a script, an extension, a persister or an error reporter there could
 * read, all objects that `window` and React's tree lead to among it.
 */
export async function searchPage(): Promise<PageSearch> {
  const counts = { objects: 0, strings: 0, chatTokens: 0, fibres: 0 };

  function walk(roots: unknown[]): string {
    const strings = new Set<string>();
    const seen = new Set<object>();
    const left = [...roots];
    while (left.length > 0) {
      const value = left.pop();
      if (typeof value === 'string') strings.add(value);
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
      seen.add(value);
      if (value.constructor?.name === 'ChatToken') counts.chatTokens += 1;
      if ('memoizedProps' in value) counts.fibres += 1;
      if (value instanceof Map) left.push(...value.keys(), ...value.values());
      if (value instanceof Set) left.push(...value);
      for (const key of Reflect.ownKeys(value)) {
        // Getters are the platform's; React's own data on elements is not.
        const field = Object.getOwnPropertyDescriptor(value, key);
        if (field && 'value' in field) left.push(key, field.value);
      }
    }
    counts.objects += seen.size;
    counts.strings += strings.size;
    return [...strings].join('\n');
  }

  function asJson(value: unknown): string {
    const path = new Set<unknown>();
    try {
      return JSON.stringify(value, (_, each: unknown) => {
        if (typeof each !== 'object' || each === null) return each;
        if (each instanceof Node || path.has(each)) return undefined;
        path.add(each);
        return each;
      });
    } catch (error) {
      return String(error);
    }
  }

  async function databases(): Promise<string> {
    const dump: unknown[] = [];
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
      });
    for (const { name, version } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name ?? '', version));
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store);
        dump.push(name, store, await done(objects.getAllKeys()), await done(objects.getAll()));
      }
      database.close();
    }
    return asJson(dump);
  }

  async function caches_(): Promise<string> {
    const dump: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        dump.push(request.url, (await (await cache.match(request))?.text()) ?? '');
    }
    return dump.join('\n');
  }

  const elements = [...document.querySelectorAll('*')];
  const ofReact = elements.flatMap((element) =>
    Object.entries(element)
      .filter(([key]) => key.startsWith('__react'))
      .map(([, value]) => value as unknown),
  );
  const { queryClient } = window.page;
  const queries = queryClient.getQueryCache().getAll();
  return {
    surfaces: {
      'query cache, as JSON': asJson(queries.map(({ queryKey, state, options }) => ({ queryKey, state, options }))),
      'query cache, as devtools list it': asJson(queries.map(({ state }) => Object.entries(state.data ?? {}))),
      'query cache, dehydrated': window.page.dehydrate(),
      'query cache, cloned': asJson(queries.map(({ state }) => structuredClone(state))),
      'React’s props and state': walk(ofReact),
      window: walk([window]),
      'window, as JSON': asJson(Object.entries(window)),
      page: document.documentElement.outerHTML,
      localStorage: asJson(Object.entries(localStorage)),
      sessionStorage: asJson(Object.entries(sessionStorage)),
      IndexedDB: await databases(),
      'Cache Storage': await caches_(),
      performance: asJson(performance.getEntries()),
      'address, history, name, cookies': asJson([location.href, history.state, name, document.cookie]),
    },
    counts,
  };
}
