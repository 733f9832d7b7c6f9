/** Counts what is at work, of as many, and as many bytes of them, as may be at a time. */
export class Slots {
  private taken = 0;
  private takenBytes = 0;
  private onFree: (() => void) | null = null;

  constructor(
    private readonly count: number,
    /** What is begun last may go beyond it: even the largest has to be done some time. */
    private readonly bytes: number,
  ) {}

  get areFull(): boolean {
    return this.taken >= this.count || this.takenBytes >= this.bytes;
  }

  take(sizeBytes: number): void {
    this.taken += 1;
    this.takenBytes += sizeBytes;
  }

  /** Gives back what was taken for as many bytes. */
  give(sizeBytes: number): void {
    this.taken -= 1;
    this.takenBytes -= sizeBytes;
    this.onFree?.();
  }

  /** Resolves once one is free. One may wait at a time. */
  anyFree(): Promise<void> {
    return this.until(() => !this.areFull);
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
