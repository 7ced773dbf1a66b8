import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const demo = (port: string) =>
  spawnSync(process.execPath, [resolve('scripts/demo.mjs')], { env: { ...process.env, PORT: port }, encoding: 'utf8' });

test('npm run demo says which port is taken, and how to choose another', async () => {
  const other = createServer().listen(0);
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  const { status, stderr } = demo(String(port));

  expect(status).toBe(1);
  expect(stderr).toContain(`Port ${port} is taken`);
  expect(stderr).toContain(`PORT=${port + 1} npm run demo`);
  other.close();
});

test('npm run demo refuses a PORT that is no port', () => {
  const { status, stderr } = demo('eighty');
  expect(status).toBe(1);
  expect(stderr).toContain('PORT must be a number from 1 to 65535, not "eighty"');
});
