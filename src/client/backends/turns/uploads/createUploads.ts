import { ChatError, type UploadLimits } from '../../../../protocol/index.ts';
import type { ChatBackend } from '../../../index.ts';
import { authorizedFetch, type AuthorizedFetch } from '../authorizedFetch.ts';
import type { TurnBackendOptions } from '../createTurnBackend.ts';
import { TurnUpload } from './TurnUpload.ts';
import type { UploadedFiles } from './UploadedFiles.ts';
import type { UploadWay } from './UploadWay.ts';

type Tokens = Parameters<typeof authorizedFetch>[0];

interface UploadsToMake {
  /** Undefined: no files are taken. */
  limits: UploadLimits | undefined;
  files: UploadedFiles;
  /** How a file goes: loaded with the first one. `fetch` carries the person’s token; `tokens` is for who sends it otherwise. */
  way: (fetch: AuthorizedFetch, tokens: Tokens) => Promise<UploadWay>;
}

/**
 * The uploads of a backend that is asked turn by turn.
 * @throws {ChatError} `invalid_options`
 */
export function createUploads(
  { authorization = true, fetch, signals }: TurnBackendOptions,
  { limits, files, way }: UploadsToMake,
): Pick<ChatBackend, 'upload'> {
  if (!limits) return {};
  if (!(limits.maxBytes > 0)) throw new ChatError('invalid_options', '`uploads.maxBytes` must be more than 0.');
  return {
    upload(file, { tokens: all, clock }) {
      const tokens = authorization ? all : null;
      const authorized = authorizedFetch(tokens, () => fetch ?? globalThis.fetch.bind(globalThis));
      const ports = { files, limits, way: loaded(() => way(authorized, tokens)), clock, signals };
      return new TurnUpload(file, async (watched) => (await load()).travel(file, ports, watched));
    },
  };
}

const load = /* @__PURE__ */ loaded(() => import('./travel.ts'));

/** What cannot be loaded is as lost as what cannot be sent. */
function loaded<T>(fetch: () => Promise<T>): () => Promise<T> {
  return () =>
    fetch().catch((cause: unknown) => {
      throw new ChatError('connection_lost', 'What uploads a file could not be loaded.', { cause });
    });
}
