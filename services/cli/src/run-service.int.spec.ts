import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Programs } from './run-service.js';

// Where the services are is known once for a whole program.
beforeEach(() => {
  vi.resetModules();
});
afterEach(() => {
  vi.resetModules();
});

test.each([
  ['its work done', 'process.exitCode = 0', 0],
  ['evidence that is bad', 'process.exitCode = 4', 4],
  ['what nobody caught, which is no mismatch', 'process.exit(1)', 2],
  ['a signal', 'process.kill(process.pid, "SIGKILL")', 130],
])('a service that ends with %s', async (_what, script, exitCode) => {
  const { runService, setPrograms } = await import('./run-service.js');
  setPrograms({ 'check of a log': ['--eval', script] } as unknown as Programs);
  expect(await runService('check of a log')).toBe(exitCode);
});
