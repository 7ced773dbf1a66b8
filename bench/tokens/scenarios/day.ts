import { connect } from '../contestants/latchkit-connection.ts';
import type { Figure } from '../Figure.ts';
import { Gateway } from '../Gateway.ts';
import { HOUR, simulate } from '../World.ts';

/** A connection that lives by tokens of 60 s, for 24 h. LatchKit's alone. */
export async function day(seed: number): Promise<Figure[]> {
  const result = await simulate({ seed }, async (world) => {
    const gateway = new Gateway(world);
    const client = connect(world, gateway);
    await world.advance(24 * HOUR);
    const status = client.status;
    const reconnects = gateway.sockets.all.length - 1;
    client.close();
    return { reconnects, status, mints: world.endpoint.mints.length };
  });
  if (result.status !== 'connected') throw new Error(`After 24 h the connection is ${result.status}.`);
  return [
    { id: 'day.reconnects', what: 'Reconnects in 24 h, TTL 60 s', max: 0, values: { LatchKit: result.reconnects } },
    { id: 'day.mints', what: 'Mints meanwhile', values: { LatchKit: result.mints } },
  ];
}
