import { expect, test } from 'vitest';
import { FaultRules } from './FaultRules.ts';
import { seededRandom } from './seeded-random.ts';
import type { FaultConnection } from './types.ts';

const connection: FaultConnection = { id: 1, path: '/', kind: 'websocket', forwarded: { up: 0, down: 0 } };

function delays(seed: number): number[] {
  const rules = new FaultRules(seededRandom(seed), () => {});
  rules.add({ fault: 'delay', ms: [20, 80] });
  rules.add({ fault: 'delay', ms: 5, scope: { direction: 'down' } });
  return Array.from({ length: 50 }, () => rules.delay(connection, 'down').ms);
}

test('the same seed draws the same delays, another one others, all within the range', () => {
  expect(delays(42)).toEqual(delays(42));
  expect(delays(42)).not.toEqual(delays(43));
  for (const ms of delays(42)) expect(ms).toSatisfy((value: number) => value >= 25 && value < 85);
  expect(Math.max(...delays(42)) - Math.min(...delays(42))).toBeGreaterThan(40);
});
