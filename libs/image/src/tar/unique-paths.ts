/** Gives each member of an archive a path of its own: an archive may have one name many times. */
export class UniquePaths {
  readonly #seen = new Map<string, number>();

  /** The path itself the first time, then `path (2)`, `path (3)`…, whatever of them is free. */
  take(path: string): string {
    const before = this.#seen.get(path) ?? 0;
    let [times, own] = [before + 1, path];
    for (; before > 0; times += 1) {
      own = `${path} (${times})`;
      if (!this.#seen.has(own)) break;
    }
    this.#seen.set(path, times);
    if (own !== path) this.#seen.set(own, 1);
    return own;
  }
}
