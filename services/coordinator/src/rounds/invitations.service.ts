import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import type { RoundOpen } from '#libs/attestation';
import { fromBase64 } from '#libs/encoding';
import type { Invited } from './invited.js';
import { findOpen } from './round-store.js';

/** Rounds that are under way at a time are few; a RoundOpen may have a megabyte. */
const KEPT_ROUNDS = 32;

interface KnownRound {
  readonly open: RoundOpen;
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/** Who was invited to which round, for envelopes that come in bursts. */
@Injectable()
export class InvitationsService {
  private readonly known = new LRUCache<string, KnownRound>({ max: KEPT_ROUNDS });
  private readonly lookups = new Map<string, Promise<KnownRound | null>>();

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Gives the round with the builder's key in it; null for a round that is not known here. */
  async find(round: string, builder: string): Promise<Invited | null> {
    const known = this.known.get(round);
    const key = known?.keys.get(builder);
    if (known !== undefined && key !== undefined) return { open: known.open, key };
    // A round only ever invites more builders: whoever is missing in what is kept may have been added.
    const found = await this.lookUp(round);
    return found === null ? null : { open: found.open, key: found.keys.get(builder) ?? null };
  }

  /** A burst of one round's envelopes asks for it once. */
  private lookUp(round: string): Promise<KnownRound | null> {
    const asked = this.lookups.get(round);
    if (asked !== undefined) return asked;
    const lookup = this.read(round).finally(() => {
      this.lookups.delete(round);
    });
    this.lookups.set(round, lookup);
    return lookup;
  }

  private async read(round: string): Promise<KnownRound | null> {
    const open = await findOpen(this.dataSource.manager, round);
    if (open === null) return null;
    const builders = open.roster.flatMap((entry) => entry.builders);
    const keys = builders.map((each) => [each.builder, fromBase64(each.publicKey)] as const);
    const known = { open, keys: new Map(keys) };
    this.known.set(round, known);
    return known;
  }
}
