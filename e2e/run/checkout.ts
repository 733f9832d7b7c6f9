import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

/** The checkout that the specs run in. */
export const projectRoot = join(import.meta.dirname, '../..');

/** Makes a directory that is gone after the test. */
export async function scratch(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'repro-quorum-run-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/**
 * Makes a checkout that has `run` and all it needs, so that nothing is fetched or built, but whose
 * demo is the given program.
 */
export async function pretendCheckout(demo: string): Promise<string> {
  const root = await scratch();
  for (const path of ['run', '.ci', 'package.json', 'package-lock.json', '.npmrc']) {
    await cp(join(projectRoot, path), join(root, path), { recursive: true });
  }
  await mkdir(join(root, 'node_modules'));
  const key = await inSteps(root, 'find_node; install_key');
  await writeFile(join(root, 'node_modules/.installed'), `${key}\n`);
  const main = join(root, 'dist/e2e/demo/main.js');
  await mkdir(dirname(main), { recursive: true });
  await writeFile(main, demo);
  await writeFile(join(root, 'dist/.built'), '');
  return root;
}

/** Runs lines of shell with the steps of `run` at hand, and returns what they print. */
export async function inSteps(
  root: string,
  lines: string,
  environment: Record<string, string> = {},
): Promise<string> {
  const parts = ['say', 'pins', 'lock', 'node', 'npm', 'tools', 'build', 'ready', 'guard', 'suite'];
  const script = [
    `set -euo pipefail; root=$1; tools=$root/.tools`,
    ...parts.map((part) => `. "$root/.ci/steps/${part}.sh"`),
    lines,
  ].join('\n');
  const { stdout } = await execa('bash', ['-c', script, 'steps', root], { env: environment });
  return stdout;
}

/** Writes an executable script. */
export async function writeProgram(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
}
