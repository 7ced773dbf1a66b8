/** What a reader has to know to judge the figures, for and against each contestant. */
export const notes: string[] = [
  'Every peer runs its own published code, LatchKit its source. In simulated time the global timers, `Date`, `performance` and `Math.random` are ' +
    'faked (@sinonjs/fake-timers, seeded), and a token endpoint in the same process answers in 30 ms. All tabs are in view.',
  'The hour without requests counts what renewal alone costs; the hour with requests adds one request per second and tab, each ' +
    'carrying what the contestant hands out. A wrong client clock is wrong by the same amount for the whole hour.',
  'TanStack Query: `useQuery` with `refetchInterval` of 45 s (75 % of the lifetime), by its QueryObserver, one QueryClient per tab; ' +
    'the first column with `staleTime` of 45 s too. For the concurrent calls, a 401 is answered by `refetch()` and one more try.',
  'Supabase: one client per tab on a shared storage, auto refresh on, one `onAuthStateChange` per component, `getSession()` before ' +
    'a request. A lifetime of 60 s lies below its margin of 90 s, so that every look renews; it is made for an hour. In a real ' +
    'browser its hidden tabs do not refresh. Several tabs that refresh at once discard each other’s result (`AuthRefreshDiscardedError`): ' +
    'the requests that found no token. It has no path for a 401 from another server, so for the concurrent calls its token has ' +
    'lapsed by the clock (and lives for an hour when renewed).',
  'stream-chat: its own TokenManager and HTTP path against a local server that answers 401 with code 40, without its WebSocket. ' +
    'It renews when it is refused, hence it is run in the concurrent calls only.',
  'Ably: REST with `authCallback`, in the concurrent calls only. Its token has lapsed by the clock (`queryTime`): it renews before it sends.',
  '“not run” in the day and restart rows: the contestant has no connection of its own, or (stream-chat, Ably) its service would be ' +
    'needed. There, LatchKit’s TokenManager and connection run over scripted sockets; when the server warns and when it ends a ' +
    'connection is decided by the server’s own TokenLease.',
  'The restart: the server comes back with another signing key, so that every client needs a new token. The mean is taken over the ' +
    'middle 90 % of the mints, the peak over all of them.',
  'Quoted figures are from LatchKit’s design notes; no cell of this run was filled from them.',
  'LatchKit’s five tabs share their tokens over a channel that takes 1 ms. After the sleep they wake together, with nothing usable: the tab ' +
    'that asked last asks at once, the others take over what it gets. Were that tab closed just before the sleep, they would first ask each ' +
    'other for 75 ms.',
];
