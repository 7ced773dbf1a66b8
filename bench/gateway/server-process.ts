import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startBareWs, startBareWsChat } from './servers/bare-ws.ts';
import { startLatchkit } from './servers/latchkit.ts';
import { startSocketIo, startSocketIoChat } from './servers/socket-io.ts';
import type { Scenario } from './Scenario.ts';

/** The process that is measured: serves one contestant, and says what it has cost when asked. */
const [contestant = '', scenarioJson = '{}', databaseUrl = ''] = process.argv.slice(2);
const scenario = JSON.parse(scenarioJson) as Scenario;

const STARTERS: Record<string, () => Promise<Server>> = {
  'bare-ws': startBareWs,
  'bare-ws-chat': startBareWsChat,
  'socket.io': startSocketIo,
  'socket.io-chat': startSocketIoChat,
  latchkit: () => startLatchkit('off', scenario),
  'latchkit-list': () => startLatchkit('off', scenario),
  'latchkit-memory': () => startLatchkit('memory', scenario),
  'latchkit-sqlite': () => startLatchkit('sqlite', scenario),
  'latchkit-postgres': () => startLatchkit(databaseUrl, scenario),
};

const start = STARTERS[contestant];
if (!start) throw new Error(`No contestant ${contestant}.`);
const server = await start();
// A thousand connections are asked for at once.
server.listen({ port: 0, host: '127.0.0.1', backlog: 2_048 });
await once(server, 'listening');
process.send?.({ port: (server.address() as AddressInfo).port });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6 });
});
process.on('disconnect', () => process.exit());
