import { connect } from '../contestants/latchkit-connection.ts';
import type { Figure } from '../Figure.ts';
import { Gateway } from '../Gateway.ts';
import { MINUTE, SECOND, simulate } from '../World.ts';

const CLIENTS = 1_000;
const BIN_MS = 250;
/** A token of 60 s is renewed after 42 s at the earliest: what is minted sooner belongs to coming back, stragglers too. */
const WAVE_MS = 40 * SECOND;

/**
 * A server of 1,000 clients restarts and comes back with another signing key, so that every client needs a new token at once:
 * how much higher than its mean is the peak of the mints that follow?
 */
export async function restart(seed: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const downMs of [0, 5 * SECOND]) {
    const { wave, renewals, unconnected } = await simulate({ seed }, async (world) => {
      const gateway = new Gateway(world);
      const clients = Array.from({ length: CLIENTS }, () => connect(world, gateway));
      await world.advance(2 * MINUTE);
      world.endpoint.rotateKey();
      gateway.restart(downMs);
      const restartedAt = world.serverNow();
      await world.advance(2 * WAVE_MS);
      const lost = clients.filter((client) => client.status !== 'connected').length;
      for (const client of clients) client.close();
      const mintedIn = (wave: number) =>
        world.endpoint.mints.filter((at) => Math.floor((at - restartedAt) / WAVE_MS) === wave);
      return { wave: mintedIn(0), renewals: mintedIn(1), unconnected: lost };
    });
    if (unconnected > 0) throw new Error(`${unconnected} clients did not come back.`);
    const after = downMs === 0 ? 'an immediate restart' : `${downMs / SECOND} s of downtime`;
    figures.push(
      row(`restart.wave.${downMs}`, `after ${after}, the mints of coming back`, wave),
      row(`restart.renewals.${downMs}`, `after ${after}, their next renewals`, renewals),
    );
  }
  return figures;
}

function row(id: string, which: string, mints: number[]): Figure {
  const seconds = (span(middle(mints)) / SECOND).toFixed(1);
  const what = `1,000 clients ${which}: peak ÷ mean rate (${mints.length} mints, 90 % of them in ${seconds} s; bins of ${BIN_MS} ms)`;
  return { id, what, max: 2, values: { LatchKit: peakToMean(mints) } };
}

/** From the first to the last of the middle 90 %: one straggler must neither lower the mean nor flatter it. */
function middle(mints: number[]): number[] {
  return mints.slice(Math.floor(mints.length * 0.05), Math.ceil(mints.length * 0.95));
}

function span(mints: number[]): number {
  return (mints.at(-1) ?? 0) - (mints[0] ?? 0);
}

function peakToMean(mints: number[]): number {
  const begin = mints[0] ?? 0;
  const bins: number[] = [];
  for (const at of mints) {
    const bin = Math.floor((at - begin) / BIN_MS);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const peak = bins.reduce((most, count) => Math.max(most, count), 0);
  const most = middle(mints);
  return Math.round((peak / (most.length / (span(most) / BIN_MS))) * 100) / 100;
}
