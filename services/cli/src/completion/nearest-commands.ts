import type { Command } from 'commander';

const MOST_EDITS = 2;
const MOST_SHOWN = 3;

/**
 * Finds the commands that somebody may have meant by a word that is none, anywhere in a program, best
 * first: `watch` for `round watch`, `tokn` for `coordinator token`.
 */
export function nearestCommands(program: Command, word: string): readonly string[] {
  const asked = word.slice(0, 40).toLowerCase();
  return [...below(program, [])]
    .map((path) => ({ path, edits: editsBetween(asked, path.at(-1) ?? '') }))
    .filter(({ edits }) => edits <= Math.min(MOST_EDITS, Math.floor(asked.length / 3)))
    .toSorted((one, other) => one.edits - other.edits || one.path.length - other.path.length)
    .slice(0, MOST_SHOWN)
    .map(({ path }) => path.join(' '));
}

function* below(command: Command, path: readonly string[]): Generator<readonly string[]> {
  const visible = command.createHelp().visibleCommands(command);
  for (const one of visible) {
    const here = [...path, one.name()];
    yield here;
    yield* below(one, here);
  }
}

/** Letters to insert, leave out or exchange to make one word of another. */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const same = one[at - 1] === other[to - 1] ? 0 : 1;
      next.push(Math.min((row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1, (row[to - 1] ?? 0) + same));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
