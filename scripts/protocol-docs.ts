/**
 * Writes the tables of docs/protocol.md from the source: `node scripts/protocol-docs.ts`; with `--check` it changes nothing and fails
 * when document and source differ. What it writes stands between `<!-- generated: name -->` and `<!-- /generated -->`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { format, resolveConfig } from 'prettier';
import { CLOSE_CODES, ERROR_REGISTRY, REQUEST_ANSWERS } from '../src/protocol/index.ts';
import { readSchemas, type FieldDoc, type ObjectDoc } from './protocol-source.ts';

const DOCUMENT = new URL('../docs/protocol.md', import.meta.url);

const answers: Partial<Record<string, string>> = REQUEST_ANSWERS;
const code = (text: string) => `\`${text}\``;
const cell = (text: string) => text.replaceAll('|', '\\|');
const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

function fieldRow({ name, type, optional, description }: FieldDoc): string[] {
  return [code(name), `${type}${optional ? ', optional' : ''}`, description];
}

function objectSection({ name, description, fields }: ObjectDoc): string {
  return `### ${code(name)}\n\n${description}\n\n${table(['Field', 'Type', 'Meaning'], fields.map(fieldRow))}`;
}

/** The type is the heading, so it needs no row. */
function frameSection({ fields, ...frame }: ObjectDoc): string {
  const others = fields.filter(({ name }) => name !== 'type');
  if (others.length > 0) return objectSection({ ...frame, fields: others });
  return `### ${code(frame.name)}\n\n${frame.description} Has no field but ${code('type')}.`;
}

function frameList(frames: readonly ObjectDoc[]): string {
  return table(
    ['Frame', 'Answered by'],
    frames.map(({ name }) => [`[${code(name)}](#${anchor(name)})`, answer(name)]),
  );
}

/** What is no request says in words how it is answered. */
function answer(name: string): string {
  if (name === 'auth.open') return '`auth.accepted`, or the connection closes';
  if (name === 'ping') return '`pong`';
  const type = answers[name];
  return type === undefined ? 'nothing' : `${code(type)} or \`request.refused\``;
}

/** As GitHub makes them from a heading. */
function anchor(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '');
}

/** Every generated section of the document, by its name. */
export function protocolSections(): Record<string, string> {
  const { clientFrames, serverFrames, objects, scalars, limits, serverLimits } = readSchemas();
  const number = (value: number) => value.toLocaleString('en-GB');
  return {
    'client-frame-list': frameList(clientFrames),
    'client-frames': clientFrames.map(frameSection).join('\n\n'),
    'server-frames': serverFrames.map(frameSection).join('\n\n'),
    objects: objects.map(objectSection).join('\n\n'),
    scalars: table(
      ['Type', 'JSON', 'Meaning'],
      scalars.map(({ name, type, description }) => [code(name), type, description]),
    ),
    limits: table(
      ['Limit', 'Value', 'Meaning'],
      limits.map(({ name, value, description }) => [code(name), number(value), description]),
    ),
    'server-limits': table(
      ['Limit', 'Default', 'Meaning'],
      serverLimits.map(({ name, value, description }) => [code(name), number(value), description]),
    ),
    'close-codes': table(
      ['Code', 'Name', 'The client', 'Told to people as'],
      Object.entries(CLOSE_CODES).map(([name, { code: number, action, error }]) => [
        String(number),
        code(name),
        { stop: 'stops', renew: 'gets a new token and comes back', backoff: 'backs off and comes back' }[action],
        code(error),
      ]),
    ),
    errors: table(
      ['Code', 'Status', 'Retryable', 'Remedy'],
      Object.entries(ERROR_REGISTRY).map(([name, { status, retryable, remediation }]) => [
        code(name),
        String(status),
        retryable ? 'yes' : 'no',
        remediation,
      ]),
    ),
  };
}

/** The document with its generated sections as the source has them now. */
export async function protocolDocument(current: string): Promise<string> {
  const sections = protocolSections();
  const used = new Set<string>();
  const written = current.replace(
    /(<!-- generated: ([\w-]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_, open: string, name: string, close: string) => {
      const section = sections[name];
      if (section === undefined) throw new Error(`docs/protocol.md asks for a section "${name}" that nobody makes.`);
      used.add(name);
      return `${open}\n${section}\n\n${close}`;
    },
  );
  const missing = Object.keys(sections).filter((name) => !used.has(name));
  if (missing.length > 0) throw new Error(`docs/protocol.md has no place for: ${missing.join(', ')}`);
  return format(written, { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' });
}

async function main(): Promise<void> {
  const current = readFileSync(DOCUMENT, 'utf8');
  const written = await protocolDocument(current);
  if (current === written) return;
  if (process.argv.includes('--check')) {
    process.stderr.write('docs/protocol.md is not what the source says. Run: node scripts/protocol-docs.ts\n');
    process.exitCode = 1;
    return;
  }
  writeFileSync(DOCUMENT, written);
}

if (import.meta.main) await main();
