/** What an app's own tests need in Node alone. */
export { createFaultProxy } from '../createFaultProxy.ts';
export type {
  FaultChoice,
  FaultConnection,
  FaultDirection,
  FaultMessage,
  FaultProxy,
  FaultProxyOptions,
  FaultScope,
  FaultTime,
  FaultTotals,
  Undo,
} from '../faults/types.ts';
