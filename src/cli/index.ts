#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const SECRET_BYTES = 32;

const COMMANDS: Record<string, { help: string; run: () => void }> = {
  secret: {
    help: 'Print a new secret for signing tokens (32 random bytes, base64url)',
    run: () => console.log(randomBytes(SECRET_BYTES).toString('base64url')),
  },
};

function help(): string {
  const commands = Object.entries(COMMANDS).map(([name, command]) => `  ${name.padEnd(12)}${command.help}`);
  return `Usage: latchkit <command>

Commands:
${commands.join('\n')}

Options:
  -h, --help    Show this help
  --version     Show the version`;
}

function version(): string {
  // The same distance from src/cli/ and from dist/cli/.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Exit code 2 is the shell's "used wrongly". */
function refuse(why: string): void {
  console.error(`latchkit: ${why}\n\n${help()}`);
  process.exitCode = 2;
}

function main(args: string[]): void {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } },
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.version) return console.log(version());
  if (values.help) return console.log(help());
  const [name, ...rest] = positionals;
  if (name === undefined) return refuse('no command was given');
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return refuse(`there is no command "${name}"`);
  if (rest.length > 0) return refuse(`"${name}" takes nothing more, but got "${rest.join(' ')}"`);
  command.run();
}

main(process.argv.slice(2));
