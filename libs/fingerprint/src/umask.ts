import { readFile } from 'node:fs/promises';

/**
 * Reads this process's file mode creation mask, which builds inherit, without setting it for a
 * moment as process.umask() does. Linux only; elsewhere the usual 022 is told.
 */
export async function readUmask(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const [, digits] = /^Umask:\s*([0-7]+)$/m.exec(status) ?? [];
  return parseInt(digits ?? '022', 8);
}
