import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { RoundOpen } from '#libs/attestation';
import type { OpenRound } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import type { Config } from '../config.js';
import { CONFIG, WITNESS_SET } from '../tokens.js';
import { witnessingOf } from '../witness/witnessing.js';
import type { WitnessSet } from '../witness/witness-set.js';

/** What every round has, whatever it is about. */
export type RoundRules = Pick<
  RoundOpen,
  'openedAt' | 'closesAt' | 'revealSeconds' | 'witnessing' | 'blind' | 'nonce'
>;

/** The rules by which rounds go here, as far as a request does not say otherwise. */
@Injectable()
export class RoundRulesService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(WITNESS_SET) private readonly witnesses: WitnessSet | null,
  ) {}

  /** Gives the rules of one round that is opened now, with a nonce of its own. */
  of(
    {
      deadlineSeconds = this.config.DEFAULT_DEADLINE_SECONDS,
      blind = true,
    }: Pick<OpenRound, 'deadlineSeconds' | 'blind'>,
    now: Date,
  ): RoundRules {
    return {
      openedAt: now.toISOString(),
      closesAt: new Date(now.getTime() + deadlineSeconds * 1000).toISOString(),
      ...witnessingOf(this.config, this.witnesses),
      blind,
      nonce: toBase64(randomBytes(32)),
    };
  }
}
