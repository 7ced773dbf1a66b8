/** A chunk that does not go with those before it, or that is not shaped like its kind. */
export class ChunkError extends Error {
  override readonly name = 'ChunkError';
}
