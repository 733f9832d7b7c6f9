import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Cdn } from '../world/cdn/cdn.js';
import type { CdnFault } from '../world/cdn/fault.js';
import type { EraId } from '../world/era.js';
import type { Published } from '../world/publisher.js';

/** Paths of a release on a CDN. */
export interface ReleasePaths {
  /** The folder that holds all of it, with a slash at the end. */
  readonly folder: string;
  /** Of each artifact. */
  readonly files: readonly string[];
  /** Of each SHA256SUMS, once each. */
  readonly sums: readonly string[];
}

/** Gives the content that a file has instead of its own. */
export type Change = (path: string, content: Buffer) => Buffer;

/** Tells where everything of a release lies. */
export function pathsOf({ commit, artifacts }: Published<EraId>): ReleasePaths {
  const files = Object.values(artifacts).map(({ cdnPath }) => cdnPath);
  const sums = [...new Set(files.map((file) => `${dirname(file)}/SHA256SUMS`))];
  return { folder: `/ic/${commit}/`, files, sums };
}

/** Plans one fault for many paths. */
export function plan(host: Cdn, paths: readonly string[], fault: CdnFault | null): void {
  for (const path of paths) host.setFault(path, fault);
}

/**
 * Gives other content of the same length: an image with one bit flipped, launch measurements with
 * another kernel command line.
 */
export function altered(path: string, content: Buffer): Buffer {
  if (path.endsWith('.json'))
    return Buffer.from(content.toString().replace('selinux=1', 'selinux=0'));
  const other = Buffer.from(content);
  const middle = Math.floor(other.byteLength / 2);
  other[middle] = (other[middle] ?? 0) ^ 1;
  return other;
}

/** Puts altered files in the place of those that were published: anew, with ETags of their own. */
export function replaceFiles(
  host: Cdn,
  { files }: Pick<ReleasePaths, 'files'>,
  change: Change = altered,
): void {
  for (const path of files) {
    host.setFault(path, { kind: 'rewrite', change: (content) => change(path, content) });
  }
}

/** Does so, and lists their digests: the host agrees with itself. `root` is what it serves. */
export function replaceWithSums(
  host: Cdn,
  root: string,
  paths: ReleasePaths,
  change: Change = altered,
): void {
  replaceFiles(host, paths, change);
  const digests = new Map(
    paths.files.map((path) => {
      const content = change(path, readFileSync(join(root, path)));
      return [path, createHash('sha256').update(content).digest('hex')] as const;
    }),
  );
  for (const sums of paths.sums) {
    rewriteLines(host, sums, (line, name) => {
      const digest = digests.get(join(dirname(sums), name));
      return digest === undefined ? [line] : [digest + line.slice(64)];
    });
  }
}

/** Takes the line of each artifact out of each SHA256SUMS, and leaves those of other files. */
export function removeLines(host: Cdn, { files, sums }: ReleasePaths): void {
  for (const path of sums) {
    const listed = files
      .filter((file) => dirname(file) === dirname(path))
      .map((file) => basename(file));
    rewriteLines(host, path, (line, name) => (listed.includes(name) ? [] : [line]), OTHER_LINE);
  }
}

/** Lists each file twice, the second time with another digest. */
export function contradictLines(host: Cdn, { sums }: ReleasePaths): void {
  for (const path of sums) {
    rewriteLines(host, path, (line) => [line, `${'0'.repeat(64)}${line.slice(64)}`]);
  }
}

const OTHER_LINE = `${'1'.repeat(64)} another-file.txt\n`;

function rewriteLines(
  host: Cdn,
  path: string,
  change: (line: string, name: string) => readonly string[],
  end = '',
): void {
  host.setFault(path, {
    kind: 'rewrite',
    change: (content) => {
      const lines = content.toString().trimEnd().split('\n');
      const changed = lines.flatMap((line) => change(line, line.replace(/^\S+ [ *]?/, '')));
      return Buffer.from(changed.map((line) => `${line}\n`).join('') + end);
    },
  });
}
