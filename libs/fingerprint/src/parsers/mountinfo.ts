/** A mounted filesystem: where, and of which type. */
export interface Mount {
  readonly point: string;
  readonly filesystem: string;
}

/**
 * Reads the text of /proc/self/mountinfo, in the order of mounting.
 *
 * Source: proc(5)
 */
export function parseMountinfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    const point = fields[4];
    // Any number of optional fields stands before the dash.
    const dash = fields.indexOf('-', 6);
    const filesystem = dash < 0 ? undefined : fields[dash + 1];
    if (point === undefined || filesystem === undefined) return [];
    return [{ point: unescape(point), filesystem: unescape(filesystem) }];
  });
}

/** Finds the mount that a real, absolute path is on: the deepest, and of those the last. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  const holding = mounts.filter(
    ({ point }) => point === path || path.startsWith(point.endsWith('/') ? point : `${point}/`),
  );
  const depth = Math.max(...holding.map(({ point }) => point.length));
  return holding.findLast(({ point }) => point.length === depth);
}

function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_all, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
