import { HttpStatus } from '@nestjs/common';
import { ProblemError } from '#libs/platform';

/** How many streams may be open. */
export interface ReaderBounds {
  readonly most: number;
  readonly mostPerAddress: number;
}

/** Seconds after which a place may be free. */
const RETRY_SECONDS = 30;

/** Counts open streams, in all and by address: each of them is a socket and some memory for hours. */
export class ReaderPlaces {
  private readonly byAddress = new Map<string, number>();
  private taken = 0;

  constructor(private readonly bounds: ReaderBounds) {}

  /** Open streams. */
  get count(): number {
    return this.taken;
  }

  /**
   * Takes a place, and gives what frees it, once however often it is called.
   *
   * @throws ProblemError too-many-streams for one address, streams-full for all
   */
  take(address: string): () => void {
    const { most, mostPerAddress } = this.bounds;
    const own = this.byAddress.get(address) ?? 0;
    if (own >= mostPerAddress) {
      throw refusal(
        HttpStatus.TOO_MANY_REQUESTS,
        'too-many-streams',
        `${mostPerAddress} streams are open from this address: close one first`,
      );
    }
    if (this.taken >= most) {
      throw refusal(
        HttpStatus.SERVICE_UNAVAILABLE,
        'streams-full',
        `all ${most} streams are taken: read the report again instead`,
      );
    }
    this.taken += 1;
    this.byAddress.set(address, own + 1);
    let isFree = false;
    return () => {
      if (isFree) return;
      isFree = true;
      this.free(address);
    };
  }

  private free(address: string): void {
    this.taken -= 1;
    const left = (this.byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.byAddress.set(address, left);
    else this.byAddress.delete(address);
  }
}

function refusal(status: HttpStatus, code: string, detail: string): ProblemError {
  const headers = { 'retry-after': `${RETRY_SECONDS}` };
  return new ProblemError(status, code, detail, { headers });
}
