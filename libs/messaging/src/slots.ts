/** Counts what is at work, of as much as may be at a time. */
export class Slots {
  private taken = 0;
  private onFree: (() => void) | null = null;

  constructor(private readonly count: number) {}

  get free(): number {
    return this.count - this.taken;
  }

  take(): void {
    this.taken += 1;
  }

  give(): void {
    this.taken -= 1;
    this.onFree?.();
  }

  /** Resolves once one is free. One may wait at a time. */
  anyFree(): Promise<void> {
    return this.until(() => this.free > 0);
  }

  /** Resolves once nothing is at work. */
  allFree(): Promise<void> {
    return this.until(() => this.taken === 0);
  }

  private until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.onFree = () => {
        if (!isSo()) return;
        this.onFree = null;
        resolve();
      };
      this.onFree();
    });
  }
}
