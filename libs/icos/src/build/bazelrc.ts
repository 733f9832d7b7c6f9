import { join, resolve } from 'node:path';
import { readShellWords } from './shell-words.js';
import { readSmallFile } from './small-file.js';

const MAX_RC_BYTES = 1024 ** 2;
const MAX_RC_FILES = 64;
const IMPORT = /^(?:try-)?import(?:-if-bazel-version)?$/;

/** One option of an rc file, such as `--disk_cache=/x`, and the file that says so. */
export interface RcOption {
  readonly file: string;
  readonly name: string;
  readonly value: string;
}

/**
 * Reads the options that Bazel would find in these rc files and in what they import, whatever
 * command or `--config` they stand under: which of them a build selects is only known in the build.
 * Files that are not there, or that this user may not read, say nothing to the build either.
 *
 * Source: https://bazel.build/run/bazelrc, "bazelrc syntax and semantics" and "Imports"
 */
export async function readRcOptions(
  files: readonly string[],
  worktree: string,
): Promise<readonly RcOption[]> {
  const options: RcOption[] = [];
  const seen = new Set<string>();
  const waiting = files.toReversed();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    // Files that import each other, or that are made to be many, end here.
    if (seen.has(file) || seen.size >= MAX_RC_FILES) continue;
    seen.add(file);
    const bytes = await readSmallFile(file, MAX_RC_BYTES).catch(() => null);
    for (const words of readShellWords(bytes?.toString('utf8') ?? '')) {
      const imported = IMPORT.test(words[0] ?? '') ? words.at(-1) : undefined;
      if (imported === undefined) options.push(...optionsOf(file, words));
      else waiting.push(resolve(worktree, imported.replaceAll('%workspace%', worktree)));
    }
  }
  return options;
}

/** Where Bazel looks for rc files, except for the workspace's own, which is part of the commit. */
export function operatorRcFiles(home: string, worktree: string | undefined): readonly string[] {
  return [
    '/etc/bazel.bazelrc',
    join(home, '.bazelrc'),
    // Not of Bazel itself: the release's own .bazelrc imports it where it is there.
    ...(worktree === undefined ? [] : [join(worktree, 'user.bazelrc')]),
  ];
}

function optionsOf(file: string, words: readonly string[]): readonly RcOption[] {
  return words.flatMap((word, index) => {
    if (!word.startsWith('-')) return [];
    const equals = word.indexOf('=');
    if (equals >= 0) return [{ file, name: word.slice(0, equals), value: word.slice(equals + 1) }];
    const next = words[index + 1] ?? '';
    return [{ file, name: word, value: next.startsWith('-') ? '' : next }];
  });
}
