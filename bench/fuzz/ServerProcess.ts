import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sample } from './memory.ts';

export interface MemoryFigures extends Omit<Sample, 'frames'> {
  /** What the server logged as an error, with how often. */
  errors: [message: string, count: number][];
}

/** The server under fire: a process of its own, on a database file of its own. */
export class ServerProcess {
  readonly base: string;
  readonly #child: ChildProcess;
  readonly #folder: string;
  /** Rejects when the process ends by itself. */
  readonly crashed: Promise<never>;
  #stopping = false;

  private constructor(child: ChildProcess, folder: string, port: number) {
    this.#child = child;
    this.#folder = folder;
    this.base = `http://127.0.0.1:${port}/chat`;
    this.crashed = new Promise((_, reject) => {
      child.once('exit', (code, signal) => {
        if (!this.#stopping) reject(new Error(`The server ended by itself: ${signal ?? code}`));
      });
    });
    this.crashed.catch(() => {});
  }

  static async start(): Promise<ServerProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'latchkit-fuzz-'));
    const child = fork(new URL('./server.ts', import.meta.url), {
      execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
      env: {
        ...process.env,
        DATABASE: join(folder, 'chat.db'),
        SECRET: 'a-secret-for-the-fuzzer-of-at-least-32-bytes',
      },
    });
    const [address] = (await once(child, 'message')) as [AddressInfo];
    return new ServerProcess(child, folder, address.port);
  }

  get socketUrl(): string {
    return `${this.base.replace(/^http/, 'ws')}/socket`;
  }

  async mint(userId: string): Promise<string> {
    const headers = { 'x-latchkit': '1', 'x-user': userId };
    const response = await fetch(`${this.base}/token`, { method: 'POST', headers });
    if (!response.ok) throw new Error(`No token for ${userId}: ${response.status}`);
    return ((await response.json()) as { token: string }).token;
  }

  async memory(): Promise<MemoryFigures> {
    this.#child.send('memory');
    const [figures] = (await once(this.#child, 'message')) as [MemoryFigures];
    return figures;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const exited = this.#child.exitCode === null && this.#child.signalCode === null && once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    await exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
