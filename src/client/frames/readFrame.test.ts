import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { messageSchema, serverFrameSchema } from '../../protocol/index.ts';
import { readFrame } from './readFrame.ts';
import { readMessage } from './readMessage.ts';

/** What the schemas are made of, as far as they use it. A schema of another kind fails here: teach it. */
interface Schema {
  type: string;
  entries?: Record<string, Schema>;
  options?: readonly Schema[] | readonly string[];
  wrapped?: Schema;
  item?: Schema;
  literal?: unknown;
  pipe?: readonly { kind: string; type: string; requirement?: unknown }[];
}

// Not this one: as the name of a field, the schemas leave it out.
const word = fc.stringMatching(/^[a-z0-9]{1,12}$/).filter((name) => name !== 'constructor');

/** Values that a schema accepts, so that a new frame or field is tried without anybody thinking of it. */
function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  const { type, entries = {}, options = [], wrapped, item } = schema;
  switch (type) {
    case 'string':
      return word;
    case 'number':
      return fc.integer({ min: 1, max: 1_000_000 });
    case 'boolean':
      return fc.boolean();
    case 'literal':
      return fc.constant(schema.literal);
    case 'picklist':
      return fc.constantFrom(...(options as readonly string[]));
    case 'nullable':
      return fc.option(valuesOf(wrapped as Schema));
    case 'optional':
      return fc.option(valuesOf(wrapped as Schema), { nil: undefined });
    case 'array':
      return fc.array(valuesOf(item as Schema), { maxLength: 3 });
    case 'variant':
      return fc.oneof(...(options as readonly Schema[]).map(valuesOf));
    case 'record':
      return fc.dictionary(word, valuesOf((schema as { value?: Schema }).value as Schema), { maxKeys: 2 });
    case 'object':
    case 'loose_object':
      return fc.record(Object.fromEntries(Object.entries(entries).map(([name, field]) => [name, valuesOf(field)])));
    case 'unknown':
      // A message's parts: of the kinds that are known, and of one that is not.
      return fc.oneof(part, fc.record({ type: fc.constant('hologram'), url: word }), fc.constant(null));
    default:
      throw new Error(`no values for ${type}`);
  }
}

const part: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({ type: fc.constant('text'), text: fc.string() }),
  fc.record({
    type: fc.constant('file'),
    attachmentId: word,
    mediaType: word,
    filename: fc.string(),
    size: fc.nat(),
    width: fc.option(fc.integer({ min: 1 })),
    height: fc.option(fc.integer({ min: 1 })),
    url: word,
    urlExpiresAt: fc.nat(),
  }),
  fc.record({ type: fc.constant('reasoning'), text: fc.string(), state: fc.constantFrom('streaming', 'done') }),
  fc.record({ type: fc.constant('source-url'), sourceId: word, url: word, title: word }),
  fc.record({ type: fc.constant('source-document'), sourceId: word, mediaType: word, title: word, filename: word }),
  fc.record({
    type: fc.constantFrom('tool-weather', 'dynamic-tool', 'tool-'),
    toolName: word,
    toolCallId: word,
    state: fc.constantFrom('input-available', 'approval-requested', 'output-error'),
    title: word,
    input: fc.jsonValue(),
    errorText: word,
    preliminary: fc.boolean(),
    approval: fc.record({ id: word, approved: fc.boolean(), reason: word }),
  }),
  fc.record({ type: fc.constantFrom('data-chart', 'data-'), id: word, data: fc.jsonValue() }),
  fc.record({ type: fc.constant('step-start') }),
);

const frames = valuesOf(serverFrameSchema) as fc.Arbitrary<Record<string, unknown>>;
const asSchema = (frame: unknown) => {
  const parsed = v.safeParse(serverFrameSchema, JSON.parse(JSON.stringify(frame)));
  return parsed.success ? parsed.output : null;
};

/** The paths of all values in it. */
function pathsIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => pathsIn(inner, [...path, name]))];
}

function withChange(value: unknown, [name, ...rest]: string[], change: unknown): unknown {
  if (name === undefined) return change;
  const copy: Record<string, unknown> = Object.assign(Array.isArray(value) ? [] : {}, value);
  copy[name] = withChange(copy[name], rest, change);
  return copy;
}

describe('the light readers agree with the schemas', () => {
  test('on every frame that a server may send', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(readFrame(JSON.stringify(frame))).toEqual(asSchema(frame));
        expect(asSchema(frame)).not.toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  test('on frames that are broken at any one place: of another kind, or missing', () => {
    const changes = fc.constantFrom<unknown>(undefined, null, true, 'word', 7, {}, [], ['word'], { type: 'word' });
    fc.assert(
      fc.property(frames, fc.nat(), changes, (frame, at, change) => {
        const paths = pathsIn(frame);
        const path = paths[at % paths.length] ?? [];
        // A role that is missing is taken for the least one, as an unknown one is; the schema knows the one case alone.
        fc.pre(!(change === undefined && path.at(-1) === 'role'));
        const broken = withChange(frame, path, change);
        expect(readFrame(JSON.stringify(broken) ?? '')).toEqual(broken === undefined ? null : asSchema(broken));
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('readFrame', () => {
  test.each([
    ['what is no JSON', '{'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a frame that a newer server may know', '{"type":"message.whispered"}'],
    ['a name that every object has', '{"type":"constructor"}'],
    ['a type that is no name', '{"type":7}'],
  ])('is null for %s', (_, data) => {
    expect(readFrame(data)).toBeNull();
  });

  test('leaves out fields that a newer server may add', () => {
    expect(readFrame('{"type":"thread.removed","threadId":"t","because":"x"}')).toEqual({
      type: 'thread.removed',
      threadId: 't',
    });
  });
});

test('readMessage reads what another tab says was sent, and nothing else', () => {
  fc.assert(
    fc.property(valuesOf(messageSchema as unknown as Schema), (message) => {
      expect(readMessage(message)).toEqual(v.parse(messageSchema, message));
    }),
  );
  expect(() => readMessage({ id: 'm1' })).toThrow();
});
