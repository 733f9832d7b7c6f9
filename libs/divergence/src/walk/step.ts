import type { Sha256 } from '#libs/encoding';
import type { Page } from '#libs/manifest';
import type { Asked } from './ask.js';
import type { Findings } from './findings.js';
import type { Task } from './task.js';
import { branches, readPage, type Part } from './trie.js';

/** Reads what a batch of branches needs of both sides, compares, and gives the branches below. */
export async function nextStep(
  batch: readonly Task[],
  left: Asked,
  right: Asked,
  findings: Findings,
): Promise<Task[]> {
  const [leftPages, rightPages] = await Promise.all([
    readParts(
      left,
      batch.map(({ prefix, left: part }) => ({ prefix, part })),
    ),
    readParts(
      right,
      batch.map(({ prefix, right: part }) => ({ prefix, part })),
    ),
  ]);
  return batch.flatMap(({ container, prefix }, i): Task[] => {
    const pair = [leftPages[i] ?? EMPTY, rightPages[i] ?? EMPTY] as const;
    if ('entries' in pair[0] && 'entries' in pair[1]) {
      return findings.members(container.location, pair[0].entries, pair[1].entries);
    }
    return branches(prefix, ...pair).map((branch) => ({ ...branch, container }));
  });
}

const EMPTY: Page = { entries: [] };

interface Place {
  readonly prefix: string;
  readonly part: Part;
}

async function readParts(asked: Asked, places: readonly Place[]): Promise<Page[]> {
  const wanted = new Set(
    places.flatMap(({ part }) => (typeof part === 'string' ? [part] : ([] as Sha256[]))),
  );
  const raw = await asked.pages([...wanted], (bytes) => bytes);
  return places.map(({ prefix, part }) => {
    if (part === null) return EMPTY;
    if (typeof part !== 'string') return { entries: part };
    const bytes = raw.get(part) ?? new Uint8Array();
    return asked.verified(() => readPage(bytes, part, prefix));
  });
}
