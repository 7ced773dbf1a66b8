import { ChatError, type UploadLimits } from '../../../../protocol/index.ts';
import {
  browserSignals,
  type Clock,
  type FileToUpload,
  type PageSignals,
  type UploadedAttachment,
  type UploadState,
} from '../../../index.ts';
import type { UploadedFiles } from './UploadedFiles.ts';
import type { UploadWay } from './UploadWay.ts';

/** Before each further attempt at what may pass, ms. There is none to go on in the middle: a file begins anew. */
const RETRY_AFTER = [1_000, 4_000, 15_000];
/** Bytes that have begun to move and move no more for so long will not, ms. */
const STALL_MS = 60_000;

/** What a browser does not know the type of. */
const UNKNOWN = 'application/octet-stream';

export interface TravelPorts {
  files: UploadedFiles;
  limits: UploadLimits;
  /** Loaded with the first file. */
  way: () => Promise<UploadWay>;
  clock: Clock;
  signals?: PageSignals | undefined;
}

interface Watched {
  signal: AbortSignal;
  change: (change: Partial<UploadState>) => void;
}

/**
 * Brings a file to the far side: tried again where that may help, waiting while the device is offline.
 * @throws {ChatError} `attachment_too_large`, `attachment_refused`, `connection_lost` …
 */
export async function travel(file: FileToUpload, ports: TravelPorts, watched: Watched): Promise<UploadedAttachment> {
  check(file.file, ports.limits);
  const { signal, change } = watched;
  for (let attempt = 0; ; attempt += 1) {
    await online(ports.signals ?? browserSignals, watched);
    try {
      return await travelOnce(file, ports, watched);
    } catch (thrown) {
      signal.throwIfAborted();
      const wait = RETRY_AFTER[attempt];
      if (!ChatError.is(thrown) || !thrown.retryable || wait === undefined) throw thrown;
      change({ status: 'waiting', loaded: 0 });
      await pause(ports.clock, thrown.retryAfterMs ?? wait, signal);
    }
  }
}

function check({ size, type: given }: Blob, { maxBytes, types }: UploadLimits): void {
  const type = given || UNKNOWN;
  if (size > maxBytes) throw new ChatError('attachment_too_large', `A file has at most ${maxBytes} bytes.`);
  const [kind] = type.split('/');
  if (!types.some((each) => each === type || each === '*/*' || each === `${kind}/*`))
    throw new ChatError('attachment_refused', `Files of type ${type} are not taken.`);
}

async function travelOnce(
  { threadId, file, filename = file instanceof File ? file.name : '' }: FileToUpload,
  { files, way: load, clock }: TravelPorts,
  { signal, change }: Watched,
): Promise<UploadedAttachment> {
  const stalled = new AbortController();
  let watch = () => {};
  const onProgress = (sent: number) => {
    watch();
    watch = clock.setTimer(() => stalled.abort(), STALL_MS);
    // More than the file has to go: what is around it in the request.
    if (!signal.aborted) change({ loaded: Math.min(sent, file.size) });
  };
  try {
    const way = await load();
    const part = await way({
      ...{ threadId, file, filename: filename || 'file', mediaType: file.type || UNKNOWN },
      signal: AbortSignal.any([signal, stalled.signal]),
      onBegin: () => change({ status: 'uploading', loaded: 0 }),
      onProgress,
    });
    const { type: _, url: _url, urlExpiresAt: _end, ...uploaded } = files.add(part);
    return uploaded;
  } catch (thrown) {
    if (stalled.signal.aborted) throw new ChatError('connection_lost', 'The file moves no more.', { cause: thrown });
    throw thrown;
  } finally {
    watch();
  }
}

/** Resolves once the device believes that it has a network. */
async function online(signals: PageSignals, { signal, change }: Watched): Promise<void> {
  if (signals.online()) return;
  change({ status: 'paused' });
  await new Promise<void>((resolve) => {
    const end = () => {
      stop();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const stop = signals.subscribe(() => {
      if (signals.online()) end();
    });
    signal.addEventListener('abort', end);
  });
  signal.throwIfAborted();
  change({ status: 'waiting' });
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = clock.setTimer(resolve, ms);
    signal.addEventListener('abort', () => {
      stop();
      resolve();
    });
  });
  signal.throwIfAborted();
}
