import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The README's first code block in a language, word for word. */
export function readmeBlock(language: 'tsx' | 'js'): string {
  const readme = readFileSync(resolve('README.md'), 'utf8');
  const block = new RegExp('```' + language + '\\n([\\s\\S]*?)```').exec(readme)?.[1];
  if (block === undefined) throw new Error(`README.md has no ${language} block.`);
  return block;
}

/** Lines that hold code: not blank, not a comment alone. */
export function codeLines(block: string): string[] {
  return block.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//'));
}
