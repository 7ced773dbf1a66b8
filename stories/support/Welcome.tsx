type Place = 'browser' | 'backend' | 'chat';

const PLACES: Record<Place, string> = { browser: 'The page', backend: 'Your backend', chat: 'The chat server' };

const STEPS: { at: Place; what: string; who: string }[] = [
  { at: 'browser', what: 'The window asks for permission', who: 'ChatProvider' },
  { at: 'backend', what: 'Your sign-in says who it is', who: 'authenticate()' },
  { at: 'backend', what: 'The secret signs a short-lived token', who: 'createTokenEndpoint()' },
  { at: 'browser', what: 'The token arrives, and the secret stays', who: 'useChatToken()' },
  { at: 'chat', what: 'The connection opens with it', who: 'createChatServer()' },
  { at: 'browser', what: 'Renewed in time, for as long as you are signed in', who: 'ChatProvider' },
];

/** The entry page: what it is, the flow that it takes off your hands, and the two commands. */
export function Welcome() {
  return (
    <article className="stage-card stage-welcome">
      <header>
        <h1>LatchKit</h1>
        <p>A React chat kit whose tokens never lapse and whose secret never leaves the server.</p>
      </header>
      <ol aria-label="From the window to the chat, and again before the token lapses">
        {STEPS.map(({ at, what, who }) => (
          <li key={what} data-at={at}>
            <small>{PLACES[at]}</small>
            <span>{what}</span>
            <code>{who}</code>
          </li>
        ))}
      </ol>
      <dl>
        <dt>
          <code>npm run demo</code>
        </dt>
        <dd>The whole of it on your machine: server, database, two people.</dd>
        <dt>
          <code>npm test</code>
        </dt>
        <dd>Every behaviour, these stories among them, in a real browser.</dd>
      </dl>
      <p>
        In the list beside this page is each component in each of its states, in light and dark. Each story is a test,
        too: it is used the way a person would, and checked for accessibility.
      </p>
    </article>
  );
}
