import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { createFakeBackend } from '../../../testing/index.ts';
import { usePresence, useThreadPresence } from '../../hooks/usePresence.ts';
import { renderForAda } from '../../test-fixtures.tsx';
import { ThreadHeader } from './ThreadHeader.tsx';
import { ThreadListPane as ThreadList } from '../window/ThreadListPane.tsx';

// What is loaded first takes its time on a slow machine.
beforeAll(() => import('./ThreadList.tsx'));
afterEach(cleanup);

function setup(children: React.ReactNode) {
  const backend = createFakeBackend({
    users: [{ id: 'ben', name: 'Ben' }],
    threads: [
      { id: 'pair', title: 'Ben', members: ['ada', 'ben'] },
      { id: 'team', title: 'Team', members: ['ada', 'ben', 'cy'] },
    ],
  });
  renderForAda(backend, children, { locale: 'en' });
  return backend;
}

test('a conversation of two shows whether the other one is here, in words too; one of three does not', async () => {
  const backend = setup(
    <>
      <ThreadHeader threadId="pair" />
      <ThreadList />
    </>,
  );
  await screen.findByText('Team');
  expect(screen.queryByText('Online')).toBeNull();
  act(() => backend.setPresence({ userId: 'ben', online: true }));
  // In the row, and in the header's line.
  await waitFor(() => expect(screen.getAllByText('Online')).toHaveLength(2));
  const row = (title: string) => screen.getByText(title, { selector: '.lk-thread-title' }).closest('button');
  expect(row('Ben')?.querySelector('.lk-presence')).not.toBeNull();
  expect(row('Team')?.querySelector('.lk-presence')).toBeNull();
  act(() => backend.setPresence({ userId: 'ben', online: false, lastSeenAt: Date.now() }));
  await screen.findByText(/^Last seen \d/);
  expect(document.querySelector('.lk-presence')).toBeNull();
});

test('usePresence asks for nobody where nobody is meant; useThreadPresence goes by the other one', async () => {
  const seen: unknown[] = [];
  function Probe() {
    seen[0] = usePresence(null);
    seen[1] = useThreadPresence('pair')?.online;
    seen[2] = useThreadPresence('team');
    return null;
  }
  const backend = setup(<Probe />);
  await waitFor(() => expect(seen).toEqual([null, false, null]));
  act(() => backend.setPresence({ userId: 'ben', online: true }));
  expect(seen).toEqual([null, true, null]);
});
