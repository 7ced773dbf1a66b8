import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { protocolDocument, protocolSections } from '../../../scripts/protocol-docs.ts';
import { readSchemas } from '../../../scripts/protocol-source.ts';
import {
  CLOSE_CODES,
  clientFrameSchema,
  ERROR_REGISTRY,
  MAX_FRAME_BYTES,
  REQUEST_ANSWERS,
  serverFrameSchema,
} from '../../../src/protocol/index.ts';

const root = join(import.meta.dirname, '../../..');
const text = readFileSync(join(root, 'docs/protocol.md'), 'utf8');

/** What stands under a heading, up to the next of the same or a higher level. */
function section(heading: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.replace(/^#+ /, '') === heading);
  if (start === -1) throw new Error(`docs/protocol.md has no heading ${heading}`);
  const level = lines[start]!.indexOf(' ');
  const end = lines.findIndex((line, n) => n > start && /^#+ /.test(line) && line.indexOf(' ') <= level);
  return lines.slice(start, end === -1 ? undefined : end).join('\n');
}

/** The first cells of the tables in a section. */
function cells(markdown: string): string[] {
  return [...markdown.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name!);
}

/** Read from the schemas at run time, independently of the reader of their source. */
function fieldsAtRunTime(schema: typeof clientFrameSchema | typeof serverFrameSchema) {
  return schema.options.map(({ entries }) => ({
    type: entries.type.literal,
    fields: Object.keys(entries).filter((name) => name !== 'type'),
  }));
}

describe('docs/protocol.md says what the source says', () => {
  test('its tables are as the generator writes them', async () => {
    expect(await protocolDocument(text)).toBe(text);
  });

  test('--check fails when they are not, and names the remedy', async () => {
    const changed = text.replace('| `message_conflict`', '| `message_konflict`');
    expect(changed).not.toBe(text);
    expect(await protocolDocument(changed)).toBe(text);
    execFileSync(process.execPath, ['scripts/protocol-docs.ts', '--check'], { cwd: root });
  });

  test('a section that nobody makes, or that has no place, is an error', async () => {
    await expect(protocolDocument(text.replace('generated: errors', 'generated: erors'))).rejects.toThrow('erors');
    await expect(protocolDocument(text.replace('<!-- generated: errors -->', ''))).rejects.toThrow('errors');
  });

  test.each([...fieldsAtRunTime(clientFrameSchema), ...fieldsAtRunTime(serverFrameSchema)])(
    '$type stands there with every field of its schema',
    ({ type, fields }) => {
      expect(cells(section(`\`${type}\``))).toEqual(fields);
    },
  );

  test('each frame is in exactly one of the two directions', () => {
    const headings = (part: string) => [...section(part).matchAll(/^### `([^`]+)`/gm)].map(([, name]) => name);
    expect(headings('What the client sends')).toEqual(fieldsAtRunTime(clientFrameSchema).map(({ type }) => type));
    expect(headings('What the server sends')).toEqual(fieldsAtRunTime(serverFrameSchema).map(({ type }) => type));
  });

  test('every request names its answer, and every answer is a frame of the server', () => {
    const answers = new Set(fieldsAtRunTime(serverFrameSchema).map(({ type }) => type));
    const table = section('Requests');
    for (const [request, answer] of Object.entries(REQUEST_ANSWERS)) {
      expect(answers).toContain(answer);
      expect(table).toMatch(new RegExp(`\\[\`${request.replace('.', '\\.')}\`\\].*\`${answer.replace('.', '\\.')}\``));
    }
  });

  test('every request has a line of refusals, made of known codes', () => {
    const lines = section('Requests')
      .split('\n')
      .filter((line) => /^\| `\w+\.\w+`/.test(line));
    const listed = lines.flatMap((line) => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, type]) => type!));
    expect(listed.toSorted()).toEqual(
      Object.keys(REQUEST_ANSWERS)
        .filter((type) => type !== 'auth.renew' && type !== 'thread.list')
        .toSorted(),
    );
    const codes = lines.flatMap((line) => [...line.split('|')[2]!.matchAll(/`([^`]+)`/g)].map(([, code]) => code!));
    expect(codes.filter((code) => !Object.hasOwn(ERROR_REGISTRY, code))).toEqual([]);
  });

  test('every error code and every close code stands there', () => {
    expect(cells(section('Error codes'))).toEqual(Object.keys(ERROR_REGISTRY));
    const closing = section('Closing');
    for (const [name, { code }] of Object.entries(CLOSE_CODES)) {
      expect(closing).toMatch(new RegExp(`^\\| ${code} +\\| \`${name}\``, 'm'));
    }
  });

  test('every frame, field, object and limit is explained in words', () => {
    const { clientFrames, serverFrames, objects, scalars, limits, serverLimits } = readSchemas();
    const things = [...clientFrames, ...serverFrames, ...objects];
    const fields = things.flatMap(({ name, fields: own }) =>
      own.filter((field) => field.name !== 'type').map((field) => ({ ...field, name: `${name} ${field.name}` })),
    );
    const silent = [...things, ...fields, ...scalars, ...limits, ...serverLimits].filter((each) => !each.description);
    expect(silent.map(({ name }) => name)).toEqual([]);
    expect(Object.keys(protocolSections())).toHaveLength(9);
  });

  test('every example that is a frame is one', () => {
    const examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => JSON.parse(json!) as object);
    const frames = examples.filter((each): each is { type: string } => 'type' in each);
    expect(frames.length).toBeGreaterThanOrEqual(7);
    for (const frame of frames) {
      const isClients = clientFrameSchema.options.some(({ entries }) => entries.type.literal === frame.type);
      const schema = isClients ? clientFrameSchema : serverFrameSchema;
      expect(v.safeParse(schema, frame), frame.type).toMatchObject({ success: true, output: frame });
    }
  });

  test('every link within it leads somewhere', () => {
    const anchors = new Set(
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
        heading!
          .toLowerCase()
          .replace(/[^\p{L}\p{N} _-]/gu, '')
          .replaceAll(' ', '-'),
      ),
    );
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor!);
    expect(links.filter((anchor) => !anchors.has(anchor))).toEqual([]);
  });

  test('the figures in its prose are those of the source', () => {
    expect(text).toContain(`at most ${MAX_FRAME_BYTES.toLocaleString('en-GB')} bytes`);
  });
});
