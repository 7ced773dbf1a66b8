/** Some of the clients, in a process of their own. */
import { ChaosClient } from './ChaosClient.ts';
import type { FromWorker, ToWorker } from './types.ts';

let clients: ChaosClient[] = [];

process.on('message', (message: ToWorker) => void handle(message));
process.on('disconnect', () => process.exit(0));

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'start':
      clients = message.clients.map((config) => new ChaosClient(config));
      return answer({ type: 'started' });
    case 'stop':
      for (const client of clients) client.stop();
      return;
    case 'wake':
      for (const client of clients) client.wake();
      return;
    case 'status':
      return answer({ type: 'status', clients: clients.map((client) => client.status()) });
    case 'collect':
      return answer({ type: 'collected', clients: await Promise.all(clients.map((client) => client.collect())) });
    case 'exit':
      for (const client of clients) client.end();
      process.disconnect();
  }
}

function answer(message: FromWorker): void {
  process.send?.(message);
}
