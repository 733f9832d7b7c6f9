import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, sha256 } from '#libs/encoding';
import { parseCheckpoint } from '#libs/tlog';
import { makeFolderDurably, writeDurably } from '../jobs/durable-file.js';

/** Most contradictions that are kept: their sender must not fill the disk. */
const MAX_KEPT = 100;
const NAME = /^fork-[0-9a-f]{64}\.json$/;

/** Two notes of one log, both signed by it, of which the later was not shown to contain the earlier. */
export interface Contradiction {
  /** What this agent had seen. */
  readonly seen: string;
  /** What it was shown then. */
  readonly shown: string;
}

/** Whether the two notes alone prove a fork: one size, two roots, both signed. */
export function isProvenFork({ seen, shown }: Contradiction): boolean {
  const [a, b] = [parseCheckpoint(textOf(seen)), parseCheckpoint(textOf(shown))];
  return a.size === b.size && !Buffer.from(a.root).equals(b.root);
}

/**
 * Keeps the two notes as evidence that anybody can check: of one size they are a fork; else the log
 * owes whoever asks a proof from one to the other. The proof that came along is not kept, for
 * nobody signed it.
 *
 * @returns the file, or null when there are {@link MAX_KEPT} already
 */
export async function keepContradiction(
  folder: string,
  contradiction: Contradiction,
): Promise<string | null> {
  await makeFolderDurably(folder);
  const name = `fork-${sha256(canonicalJson(contradiction))}.json`;
  const kept = (await readdir(folder)).filter((each) => NAME.test(each));
  const path = join(folder, name);
  if (kept.includes(name)) return path;
  if (kept.length >= MAX_KEPT) return null;
  const text = { isProvenFork: isProvenFork(contradiction), ...contradiction };
  await writeDurably(path, `${JSON.stringify(text, null, 2)}\n`);
  return path;
}

function textOf(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n') + 1);
}
