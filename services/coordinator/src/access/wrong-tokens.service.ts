import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CoordinatorMeters } from '../metrics/coordinator-meters.js';
import { CONFIG } from '../tokens.js';
import type { AccessConfig } from './access-config.js';
import { HitWindows } from './hit-windows.js';
import { tooMany } from './limit.guard.js';
import { tokenDigest } from './token-text.js';

const WINDOW_MS = 60_000;
const KNOWN_TOKENS = 1_000;

/** Slows and counts whoever tries tokens that are none. */
@Injectable()
export class WrongTokensService {
  private readonly windows = new HitWindows();
  private readonly known = new LRUCache<string, true>({ max: KNOWN_TOKENS });
  private readonly refusals;

  constructor(
    @Inject(CONFIG) private readonly config: AccessConfig,
    meters: CoordinatorMeters,
  ) {
    this.refusals = meters.counter('quorum_access_refusals_total');
  }

  /**
   * Lets the next token of an address be looked up. One that was good lately always is, or a neighbour
   * behind the same address could keep its owner out.
   *
   * @throws ProblemError too-many-requests
   */
  admit(address: string, token: string): void {
    const limit = this.config.WRONG_TOKENS_PER_MINUTE;
    const { isBlocked, timeToBlockExpire } = this.windows.look(address, WINDOW_MS, limit);
    if (!isBlocked || this.known.has(nameOf(token))) return;
    this.refusals.inc({ reason: 'too-many-requests' });
    throw tooMany(`${limit} wrong access tokens`, timeToBlockExpire);
  }

  /** Counts a token that was none, or a request that had none where one is needed. */
  refused(address: string, reason: string): void {
    this.refusals.inc({ reason });
    if (reason === 'token-required') return;
    this.windows.count(address, WINDOW_MS, this.config.WRONG_TOKENS_PER_MINUTE);
  }

  /** Remembers a token that was good. */
  passed(token: string): void {
    this.known.set(nameOf(token), true);
  }
}

function nameOf(token: string): string {
  return tokenDigest(token).toString('base64');
}
