import type { Answers } from '../answers/Answers.ts';
import type { AttachmentPort } from '../attachments/AttachmentPort.ts';
import type { Clock } from '../clock.ts';
import type { Fanout } from '../fanout/Fanout.ts';
import type { Handovers } from '../handover/Handovers.ts';
import type { Presence } from '../presence/Presence.ts';
import type { Telemetry } from '../observability/Telemetry.ts';
import type { LinkPreviews } from '../previews/LinkPreviews.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import type { TokenVerifier } from '../token/createTokenVerifier.ts';
import type { OriginPolicy } from '../token/OriginPolicy.ts';
import type { Authorize, Logger, OnReport, SearchPeople } from '../types.ts';
import type { ChatLimits } from './limits.ts';

/** What the gateway stands on. */
export interface GatewayPorts {
  /** The opened and migrated storage; rejects while it cannot be opened. */
  storage(): Promise<ChatStorage>;
  fanout: Fanout;
  verifier: TokenVerifier;
  authorize: Authorize | undefined;
  /** The app's own search for people. Default: those with whom somebody is in a thread are found. */
  searchPeople?: SearchPeople | undefined;
  /** Undefined where none are configured: a file in a message is refused (`attachment_refused`). */
  attachments?: AttachmentPort | undefined;
  /** Undefined where nobody is to know who is here. */
  presence?: Presence | undefined;
  /** Undefined where there is no assistant. */
  answers?: Answers | undefined;
  /** Undefined where there is no assistant that a person could take the place of. */
  handovers?: Handovers | undefined;
  /** Told of each report. What it throws is logged. */
  onReport?: OnReport | undefined;
  /** Undefined where links are not looked at. */
  previews?: Pick<LinkPreviews, 'heard'> | undefined;
  origins: OriginPolicy;
  logger: Logger;
  /** Figures and traces. Default: nobody looks. */
  telemetry?: Telemetry;
  clock: Clock;
  limits: ChatLimits;
  /** Proxies of one's own in front, each of which appends to `X-Forwarded-For`. */
  trustProxy: number;
}
