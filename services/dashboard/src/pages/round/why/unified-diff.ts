/** One line of a diff, the sides beside each other. */
export interface DiffRow {
  readonly kind: 'place' | 'same' | 'changed' | 'left' | 'right';
  /** Null where only the other side has the line. */
  readonly left: string | null;
  readonly right: string | null;
}

/**
 * Reads a unified diff as rows with both sides, at most `limit` of them. Lines that begin like none of
 * it are taken as the same on both sides: the text is hostile, and nothing of it is lost.
 * Source: POSIX diff, section "Diff -u Output Format"
 */
export function diffRows(diff: string, limit: number): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1) {
      rows.push(rowOf(removed[at] ?? null, added[at] ?? null));
    }
    removed = [];
    added = [];
  };
  for (const line of bodyOf(diff, limit)) {
    if (line.startsWith('-')) {
      if (added.length > 0) flush();
      removed.push(line.slice(1));
      continue;
    }
    if (line.startsWith('+')) {
      added.push(line.slice(1));
      continue;
    }
    flush();
    if (line.startsWith('@@')) rows.push({ kind: 'place', left: line, right: line });
    else {
      const text = line.startsWith(' ') ? line.slice(1) : line;
      rows.push({ kind: 'same', left: text, right: text });
    }
  }
  flush();
  return rows.slice(0, limit);
}

/** The lines below the two that name the sides. */
function bodyOf(diff: string, limit: number): string[] {
  const lines = diff.trimEnd().split('\n', 2 * limit + 2);
  const isHeaded = lines[0]?.startsWith('--- ') === true && lines[1]?.startsWith('+++ ') === true;
  return isHeaded ? lines.slice(2) : lines;
}

function rowOf(left: string | null, right: string | null): DiffRow {
  const kind = left === null ? 'right' : right === null ? 'left' : 'changed';
  return { kind, left, right };
}
