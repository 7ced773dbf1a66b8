import type { Contestant } from '../Contestant.ts';
import type { Figure } from '../Figure.ts';
import { coldStart } from './cold-start.ts';
import { day } from './day.ts';
import { gaps } from './gaps.ts';
import { hourWithoutRequests, hourWithRequests } from './hour.ts';
import { outage } from './outage.ts';
import { restart } from './restart.ts';

/** What is counted in simulated time, in the report's order: the same seed gives the same figures on every machine. */
export const simulatedScenarios: ((contestants: Contestant[], seed: number) => Promise<Figure[]>)[] = [
  hourWithoutRequests,
  coldStart,
  hourWithRequests,
  gaps,
  outage,
  (_contestants, seed) => day(seed),
  (_contestants, seed) => restart(seed),
];
