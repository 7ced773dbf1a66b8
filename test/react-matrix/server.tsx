import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { App, createWorld } from './App.tsx';

/** Renders as a server does, where there is no page, and says what that asked of the endpoint. */
export async function renderOnServer(userId: string): Promise<{ html: string; mints: number }> {
  const world = createWorld(userId);
  const html = renderToString(
    <StrictMode>
      <App world={world} own />
    </StrictMode>,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { html, mints: world.mints() };
}
