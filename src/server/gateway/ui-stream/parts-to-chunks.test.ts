import { expect, test } from 'vitest';
import { Random } from '../../../../test/support/Random.ts';
import { randomChunks } from '../../../../test/conformance/ui-message-stream/chunks.ts';
import { AnswerParts } from '../../../protocol/answers/index.ts';
import { partsToChunks } from './parts-to-chunks.ts';

/** What a page shows of parts. */
const shown = (parts: AnswerParts) =>
  JSON.parse(
    JSON.stringify(parts.parts, (key, value: unknown) =>
      // Not told of again: what only the provider reads, and names that a stream gives itself.
      /metadata$|^(?:rawInput|inputEncoding|id|approval|citations|transient)$/i.test(key) ? undefined : value,
    ),
  ) as unknown;

test.each([6, 7] as const)(
  '2,000 random answers of ai %i, cut anywhere, are told again as they are, and go on',
  (version) => {
    for (let seed = 0; seed < 2_000; seed += 1) {
      const chunks = randomChunks(new Random(seed), version).filter(
        // A version 6 client is not told of these.
        ({ type }) => !/^(?:reset-step|custom|reasoning-file|file|tool-approval-response|tool-input-error)$/.test(type),
      );
      const half = seed % (chunks.length + 1);
      const first = new AnswerParts();
      try {
        for (const chunk of chunks.slice(0, half)) first.add(chunk);
      } catch {
        continue; // It needed one of those that were left out.
      }
      const again = new AnswerParts();
      for (const chunk of partsToChunks(first.parts, first.open)) again.add(chunk);
      expect(shown(again), `seed ${seed}`).toEqual(shown(first));
      const open = new Set([...Object.keys(first.open.text), ...Object.keys(first.open.reasoning)]);
      for (const chunk of chunks.slice(half)) {
        if (!/^(?:text|reasoning)-(?:delta|end)$/.test(chunk.type) || !open.has(chunk.id as string)) continue;
        const isSameKind = Object.hasOwn(
          chunk.type.startsWith('text') ? first.open.text : first.open.reasoning,
          chunk.id as string,
        );
        if (!isSameKind) continue;
        first.add(chunk);
        again.add(chunk);
      }
      expect(shown(again), `seed ${seed}, gone on`).toEqual(shown(first));
    }
  },
);
