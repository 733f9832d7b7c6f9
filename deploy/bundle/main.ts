import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { sha256 } from '#libs/encoding';
import { bundle } from './bundle.js';

const root = join(import.meta.dirname, '../../..');
const path = join(root, 'dist/bundle/repro-quorum.mjs');

const { code, licenses } = await bundle(root);
await mkdir(dirname(path), { recursive: true });
await write(`${path}.licenses.txt`, licenses, 0o644);
await write(path, code, 0o755);
process.stdout.write(`${sha256(code)}  ${relative(process.cwd(), path)}\n`);

/** Whoever runs the older file meanwhile goes on reading it. */
async function write(target: string, text: string, mode: number): Promise<void> {
  const part = `${target}.${process.pid}.part`;
  await writeFile(part, text, { mode });
  await rename(part, target);
}
