import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import type { RoundOpen } from '#libs/attestation';
import { fromBase64 } from '#libs/encoding';
import type { Invited } from './invited.js';
import { openOf, readOpenRows, type OpenRow } from './round-store.js';

/** Rounds that are under way at a time are few; a RoundOpen may have a megabyte. */
const KEPT_ROUNDS = 64;

interface KnownRound {
  readonly row: OpenRow;
  readonly open: RoundOpen;
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

type Rows = ReadonlyMap<string, OpenRow>;

/** Who was invited to which round, for envelopes that come in bursts. */
@Injectable()
export class InvitationsService {
  private readonly known = new LRUCache<string, KnownRound>({ max: KEPT_ROUNDS });
  /** What will be looked up next, and by what. */
  private next: { readonly rounds: Set<string>; readonly rows: Promise<Rows> } | null = null;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Gives the round with the builder's key in it; null for a round that is not known here. */
  async find(round: string, builder: string): Promise<Invited | null> {
    const known = this.known.get(round);
    const key = known?.keys.get(builder);
    if (known !== undefined && key !== undefined) return { open: known.open, key };
    // A round only ever invites more builders: whoever is missing in what is kept may have been added.
    const row = (await this.lookUp(round)).get(round);
    if (row === undefined) return null;
    const found = this.keep(round, row);
    return { open: found.open, key: found.keys.get(builder) ?? null };
  }

  /** What is asked for in one turn of the loop is looked up together. */
  private lookUp(round: string): Promise<Rows> {
    this.next ??= { rounds: new Set(), rows: this.read() };
    this.next.rounds.add(round);
    return this.next.rows;
  }

  private async read(): Promise<Rows> {
    await turn();
    const rounds = [...(this.next?.rounds ?? [])];
    this.next = null;
    return readOpenRows(this.dataSource.manager, rounds);
  }

  /** Each row is read once for all who wait for it, and one that cannot be fails them alone. */
  private keep(round: string, row: OpenRow): KnownRound {
    const known = this.known.get(round);
    if (known?.row === row) return known;
    const open = openOf(row);
    const builders = open.roster.flatMap((entry) => entry.builders);
    const keys = builders.map((each) => [each.builder, fromBase64(each.publicKey)] as const);
    const read = { row, open, keys: new Map(keys) };
    this.known.set(round, read);
    return read;
  }
}
