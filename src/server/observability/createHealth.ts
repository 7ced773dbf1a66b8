import type { ChatStorage } from '../storage/ChatStorage.ts';
import { problem } from '../token/problem.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../types.ts';

/** A probe that waits longer has its answer: no. */
const CHECK_TIMEOUT_MS = 2_000;

interface HealthPorts {
  storage: () => Promise<Pick<ChatStorage, 'check'>>;
  isDraining: () => boolean;
  logger: Logger;
  clock: Clock;
}

interface Health {
  /** The process lives: asks nothing, so that a database that is away has nobody restarted who could not help it. */
  live: (request: Request) => Response;
  /** It may get traffic: the database answers, and it is not on its way out. */
  ready: (request: Request) => Promise<Response>;
}

/** `{base}/healthz` and `{base}/readyz`, for whoever restarts processes and whoever sends them traffic. */
export function createHealth({ storage, isDraining, logger, clock }: HealthPorts): Health {
  let checking: Promise<boolean> | null = null;

  /** Probes that come together share one question, so that they do not weigh on a database that is slow already. */
  function databaseAnswers(): Promise<boolean> {
    return (checking ??= check().finally(() => (checking = null)));
  }

  async function check(): Promise<boolean> {
    let cancel = () => {};
    const late = new Promise<never>((_resolve, reject) => {
      const error = new Error(`The database did not answer within ${CHECK_TIMEOUT_MS} ms.`);
      cancel = clock.setTimer(() => reject(error), CHECK_TIMEOUT_MS);
    });
    try {
      await Promise.race([storage().then((opened) => opened.check()), late]);
      return true;
    } catch (cause) {
      logger.error('The database does not answer.', { event: 'database.unavailable', cause });
      return false;
    } finally {
      cancel();
    }
  }

  return {
    live: (request) => wrongMethod(request) ?? status(200, 'ok'),
    async ready(request) {
      const wrong = wrongMethod(request);
      if (wrong) return wrong;
      if (isDraining()) return status(503, 'draining');
      if (await databaseAnswers()) return isDraining() ? status(503, 'draining') : status(200, 'ready');
      return problem('database_unavailable');
    },
  };
}

function wrongMethod({ method }: Request): Response | null {
  if (method === 'GET' || method === 'HEAD') return null;
  return problem('method_not_allowed', { headers: { allow: 'GET, HEAD' } });
}

function status(code: number, word: string): Response {
  return Response.json({ status: word }, { status: code, headers: { 'cache-control': 'no-store' } });
}
