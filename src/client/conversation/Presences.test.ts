import { expect, it } from 'vitest';
import { createFakeBackend, FakeClock } from '../../testing/index.ts';
import { openClient } from '../test-fixtures.ts';

async function setup() {
  const clock = new FakeClock();
  const backend = createFakeBackend({
    clock,
    threads: [
      { id: 'pair', members: ['ada', 'ben'] },
      { id: 'team', members: ['ada', 'ben', 'cy'] },
    ],
  });
  const client = openClient({ userId: 'ada', backend, clock });
  await clock.settle();
  const asked = () => backend.requests.filter(({ name }) => name === 'watchPresence').length;
  return { clock, backend, client, asked };
}

it('is asked for once for all that look, followed, and forgotten some seconds after the last', async () => {
  const { clock, backend, client, asked } = await setup();
  const [ben, cy] = [client.presence('ben'), client.presence('cy')];
  const stops = [ben, cy, client.presence('ben')].map((each) => each.subscribe(() => {}));
  expect(ben.get()).toBeNull();
  await clock.settle();
  expect(asked()).toBe(1);
  expect(ben.get()).toEqual({ userId: 'ben', online: false, lastSeenAt: null });
  backend.setPresence({ userId: 'ben', online: true });
  expect(ben.get()?.online).toBe(true);
  backend.setPresence({ userId: 'ben', online: false, lastSeenAt: 7 });
  expect(ben.get()).toEqual({ userId: 'ben', online: false, lastSeenAt: 7 });
  for (const stop of stops) stop();
  // Looked at again in a moment, it is known still.
  const again = ben.subscribe(() => {});
  await clock.advance(10_000);
  expect([ben.get()?.lastSeenAt, cy.get(), asked()]).toEqual([7, null, 1]);
  again();
  await clock.advance(5_000);
  backend.setPresence({ userId: 'ben', online: true });
  expect(ben.get()).toBeNull();
});

it('is not known without a connection, and asked for with the next one', async () => {
  const { clock, backend, client, asked } = await setup();
  const ben = client.presence('ben');
  ben.subscribe(() => {});
  backend.setPresence({ userId: 'ben', online: true });
  await clock.settle();
  expect(ben.get()?.online).toBe(true);
  backend.goOffline();
  expect(ben.get()).toBeNull();
  backend.setPresence({ userId: 'ben', online: false });
  backend.goOnline();
  await clock.settle();
  expect([ben.get()?.online, asked()]).toEqual([false, 2]);
});

it('of more people than fit one question it takes two', async () => {
  const { clock, client, asked } = await setup();
  for (let n = 0; n < 150; n++) client.presence(`u${n}`).subscribe(() => {});
  await clock.settle();
  expect(asked()).toBe(2);
});

it('of whom one is in no conversation with nothing is known, and a refusal breaks nothing', async () => {
  const { clock, backend, client } = await setup();
  const [eve, ben] = [client.presence('eve'), client.presence('ben')];
  backend.setFault('watchPresence', 'bad_request');
  for (const each of [eve, ben]) each.subscribe(() => {});
  await clock.settle();
  expect([eve.get(), ben.get()]).toEqual([null, null]);
  backend.setFault('watchPresence', null);
  backend.goOffline();
  backend.goOnline();
  await clock.settle();
  expect([eve.get(), ben.get()]).toEqual([null, { userId: 'ben', online: false, lastSeenAt: null }]);
});
