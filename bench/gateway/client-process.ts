import { Load } from './Load.ts';
import type { DialectName } from './Dialect.ts';
import type { Scenario } from './Scenario.ts';

/** What the process of the clients is told to do, one at a time. */
export type LoadOrder =
  | { do: 'connect'; port: number; dialect: DialectName; scenario: Scenario }
  | { do: 'full'; ms: number; atLeast?: number }
  | { do: 'paced'; ms: number; messagesPerSecond: number };

let load: Load | null = null;

async function obey(order: LoadOrder): Promise<unknown> {
  if (order.do === 'connect') {
    load = await Load.open(order.port, order.dialect, order.scenario);
    return {};
  }
  if (!load) throw new Error('Not connected.');
  return order.do === 'full' ? load.full(order.ms, order.atLeast) : load.paced(order.ms, order.messagesPerSecond);
}

process.on('message', (order: LoadOrder) => {
  obey(order).then(
    (result) => process.send?.({ result }),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
