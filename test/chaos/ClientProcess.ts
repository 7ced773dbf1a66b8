import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ClientConfig, ClientReport, ClientStatus, FromWorker, ToWorker } from './types.ts';

const PROGRAM = new URL('./client-process.ts', import.meta.url);

/** A process with some clients, at the other end of its pipe. */
export class ClientProcess {
  readonly #child: ChildProcess;
  readonly #died: Promise<never>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#died = once(child, 'exit').then(([code]) => {
      throw new Error(`A client process ended with ${code}.`);
    });
    this.#died.catch(() => {});
  }

  static async start(clients: ClientConfig[]): Promise<ClientProcess> {
    const child = fork(PROGRAM, {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const started = new ClientProcess(child);
    await started.#ask({ type: 'start', clients }, 'started');
    return started;
  }

  tell(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message);
  }

  async status(): Promise<ClientStatus[]> {
    return (await this.#ask({ type: 'status' }, 'status')).clients;
  }

  async collect(): Promise<ClientReport[]> {
    return (await this.#ask({ type: 'collect' }, 'collected')).clients;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.tell({ type: 'exit' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await exited;
    clearTimeout(timer);
  }

  /** One question at a time. */
  async #ask<T extends FromWorker['type']>(question: ToWorker, type: T): Promise<Extract<FromWorker, { type: T }>> {
    const answered = once(this.#child, 'message');
    this.tell(question);
    const [message] = (await Promise.race([answered, this.#died])) as [FromWorker];
    if (message.type !== type) throw new Error(`Expected ${type}, got ${message.type}.`);
    return message as Extract<FromWorker, { type: T }>;
  }
}
