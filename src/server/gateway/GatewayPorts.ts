import type { Clock } from '../clock.ts';
import type { Fanout } from '../fanout/Fanout.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import type { TokenVerifier } from '../token/createTokenVerifier.ts';
import type { OriginPolicy } from '../token/OriginPolicy.ts';
import type { Authorize, Logger } from '../types.ts';
import type { GatewayLimits } from './limits.ts';

/** What the gateway stands on. */
export interface GatewayPorts {
  /** The opened and migrated storage; rejects while it cannot be opened. */
  storage(): Promise<ChatStorage>;
  fanout: Fanout;
  verifier: TokenVerifier;
  authorize: Authorize | undefined;
  origins: OriginPolicy;
  logger: Logger;
  clock: Clock;
  limits: GatewayLimits;
}
