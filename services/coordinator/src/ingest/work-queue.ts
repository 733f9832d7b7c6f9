/** One piece of work, and who waits for it. */
interface Waiting<T, R> {
  readonly item: Promise<T>;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** An item that is ready, and who waits for it. */
type Ready<T, R> = Omit<Waiting<T, R>, 'item'> & { readonly item: T };

/**
 * Does together what comes while other work is under way, in the order in which it came. Work on
 * many is all or nothing; where it fails, the halves are tried again, so that one bad item fails
 * alone and the others are not kept waiting for it.
 */
export class WorkQueue<T, R> {
  private readonly waiting: Waiting<T, R>[] = [];
  private isAtWork = false;

  /** `work` gives one result an item, in their order; it MUST leave no trace when it rejects. */
  constructor(
    private readonly work: (items: readonly T[]) => Promise<readonly R[]>,
    private readonly maxItems: number,
  ) {}

  /**
   * Queues an item that may still be in the making: nothing that is added later overtakes it. Rejects
   * with what the making or the work on this item alone rejects with.
   */
  add(item: Promise<T>): Promise<R> {
    // Looked at only when its turn comes. Until then nobody hears of its failure, and one that nobody
    // hears of ends the process: any builder could.
    void item.catch(() => undefined);
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.isAtWork) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isAtWork = true;
    while (this.waiting.length > 0) {
      // Once the first is made, what came meanwhile goes along with it.
      await this.waiting[0]?.item.catch(() => undefined);
      await this.together(await madeOf(this.waiting.splice(0, this.maxItems)));
    }
    this.isAtWork = false;
  }

  private async together(ready: readonly Ready<T, R>[]): Promise<void> {
    if (ready.length === 0) return;
    try {
      const results = await this.work(ready.map(({ item }) => item));
      for (const [at, { resolve, reject }] of ready.entries()) {
        const result = results[at];
        if (result === undefined) reject(new Error('work was done, and nothing said of this item'));
        else resolve(result);
      }
    } catch (error) {
      const [first, ...others] = ready;
      if (others.length === 0) {
        first?.reject(error);
        return;
      }
      const half = Math.ceil(ready.length / 2);
      await this.together(ready.slice(0, half));
      await this.together(ready.slice(half));
    }
  }
}

/** Waits for all that is in the making; tells those whose making failed. */
async function madeOf<T, R>(batch: readonly Waiting<T, R>[]): Promise<readonly Ready<T, R>[]> {
  const settled = await Promise.allSettled(batch.map(({ item }) => item));
  return batch.flatMap(({ resolve, reject }, at) => {
    const made = settled[at];
    if (made?.status === 'fulfilled') return [{ item: made.value, resolve, reject }];
    reject(made?.reason);
    return [];
  });
}
