import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Whether the specs can change users. */
export const isRoot = process.getuid?.() === 0;

/** Makes a directory that is gone after the test; others may enter it only where `isOpen`. */
export async function scratchDirectory({ isOpen = false } = {}): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'repro-quorum-embedded-'));
  if (isOpen) await chmod(path, 0o755);
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Stops a server after the test; registered later than its directory, this happens earlier. */
export function stopping<T extends { stop(): Promise<void> }>(server: T): T {
  onTestFinished(() => server.stop());
  return server;
}
