import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const PROGRAM = new URL('./server.ts', import.meta.url);

/** The chat server in a child process; after a kill, the next start comes on another port. */
export class ServerProcess {
  readonly #env: Record<string, string>;
  #child: ChildProcess | null = null;
  /** What it wrote to stderr, over all its lives. */
  output = '';

  /** @param options.answer what an assistant says to each message: so many words, each after so long */
  constructor(options: { database: string; threadIds: string[]; answer?: { words: number; everyMs: number } }) {
    const { database, threadIds, answer } = options;
    this.#env = {
      DATABASE: database,
      THREADS: threadIds.join(','),
      ...(answer && { ANSWER_WORDS: String(answer.words), WORD_MS: String(answer.everyMs) }),
    };
  }

  /** Returns its origin. */
  async start(): Promise<string> {
    const child = fork(PROGRAM, {
      env: { ...process.env, ...this.#env },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    const died = once(child, 'exit').then(([code]) => {
      throw new Error(`The server ended with ${code} before it listened:\n${this.output}`);
    });
    died.catch(() => {});
    const [message] = (await Promise.race([once(child, 'message'), died])) as [{ port: number }];
    return `http://127.0.0.1:${message.port}`;
  }

  /** SIGKILL. Resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}
