import { describe, expect, test } from 'vitest';
import { ChatError } from '../../protocol/index.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import { openStorage } from '../storage/openStorage.ts';
import { observeStorage } from './observeStorage.ts';
import { PrometheusMeter } from './PrometheusMeter.ts';
import { silentTelemetry } from './Telemetry.ts';
import { silentTracer } from './Tracer.ts';

describe('a watched storage', () => {
  test('does as the storage does, and times each operation under its name', async () => {
    const meter = await PrometheusMeter.load();
    let now = 0;
    const telemetry = { meter, tracer: silentTracer, stopwatch: () => (now += 1) };
    const storage = observeStorage(await openStorage(':memory:', { onIdleError: () => {} }), telemetry);
    await storage.upsertThread({ id: 'secret-room', title: 'Open', access: 'open' });
    await storage.check();
    await storage.check();
    const figures = await meter.expose();
    expect(figures).toContain('latchkit_storage_seconds_count{operation="check",outcome="ok"} 2');
    expect(figures).toContain('latchkit_storage_seconds_sum{operation="upsertThread",outcome="ok"} 0.001');
    expect(figures).not.toContain('secret-room');
    await storage.close();
  });

  test('counts a failure under its code, and passes it on', async () => {
    const meter = await PrometheusMeter.load();
    const error = new ChatError('database_unavailable', 'postgres://x:hunter2@db is away');
    const broken = { check: () => Promise.reject(error) } as unknown as ChatStorage;
    const storage = observeStorage(broken, { ...silentTelemetry, meter });
    await expect(storage.check()).rejects.toBe(error);
    const figures = await meter.expose();
    expect(figures).toContain('operation="check",outcome="database_unavailable"} 1');
    expect(figures).not.toContain('hunter2');
  });

  test('is the storage itself while nobody watches', async () => {
    const storage = await openStorage(':memory:', { onIdleError: () => {} });
    expect(observeStorage(storage, silentTelemetry)).toBe(storage);
    await storage.close();
  });
});
