import { HttpStatus, Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { RoundOpen } from '#libs/attestation';
import { sha256, toBase64 } from '#libs/encoding';
import {
  bundleHeadLines,
  bundleHeadNodes,
  MAX_LINES,
  writeBundleLine,
  type BundleHead,
} from '#libs/evidence';
import { ProposalEntity, readNodes, RoundEntity } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { LogService } from '../log/log.service.js';
import { noSuchRound } from '../rounds/round-problems.js';
import { findOpen } from '../rounds/round-store.js';
import { shownCheckpoint, type CosignedCheckpoint } from '../witness/shown-checkpoint.js';
import {
  bundleEntries,
  bundlePlaces,
  revealedSizes,
  type BundlePlace,
  type BundleScope,
} from './bundle-entries.js';

/** As much of the log as a bundle needs beside the database. */
export interface BundledLog {
  readonly config: { readonly LOG_ORIGIN: string };
  /** Has everything that is logged signed for, where this process can. */
  publish(): Promise<void>;
}

/** A bundle that is about to be served. */
export interface ServedBundle {
  /** Changes with the checkpoint and its cosignatures, and with nothing else. */
  readonly etag: string;
  /** The text, line by line, read from the database as it is asked for. */
  readonly lines: () => AsyncGenerator<string, void>;
}

/** All evidence of a decided round as one file. */
@Injectable()
export class BundleService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(LogService) private readonly log: BundledLog,
  ) {}

  /**
   * Prepares a round's bundle, on request with every entry of the log from its first. The log only grows, so that what is read while it is served belongs to
   * the one checkpoint that is chosen here.
   *
   * @throws ProblemError no-such-round, round-not-final, bundle-too-large
   */
  async ofRound(round: string, isWholeLog = false): Promise<ServedBundle> {
    const { manager } = this.dataSource;
    const row = await manager.findOneBy(RoundEntity, { id: round });
    const open = await findOpen(manager, round);
    if (row === null || open === null) {
      throw noSuchRound(round);
    }
    const { verdictIndex } = row;
    const checkpoint = verdictIndex === null ? null : await this.checkpointOf(open, verdictIndex);
    if (verdictIndex === null || checkpoint === null) {
      throw new ProblemError(
        HttpStatus.CONFLICT,
        'round-not-final',
        `round ${round} has no verdict yet: its bundle is there once it has`,
      );
    }
    const scope = { row, open, verdictIndex, size: checkpoint.size, isWholeLog };
    requireReadable(scope);
    return {
      etag: `"${checkpoint.size}-${sha256(checkpoint.note).slice(0, 16)}${isWholeLog ? '-whole' : ''}"`,
      lines: () => this.lines(scope, checkpoint.note),
    };
  }

  private async checkpointOf(
    open: RoundOpen,
    verdictIndex: number,
  ): Promise<CosignedCheckpoint | null> {
    const place = { origin: this.log.config.LOG_ORIGIN, minSize: verdictIndex + 1 };
    const found = await shownCheckpoint(this.dataSource.manager, open, place);
    if (found !== null) return found;
    // The verdict was logged a moment ago, or its coordinator died before it signed.
    await this.log.publish();
    return shownCheckpoint(this.dataSource.manager, open, place);
  }

  private async *lines(scope: BundleScope, note: string): AsyncGenerator<string, void> {
    const { manager } = this.dataSource;
    const places = await bundlePlaces(manager, scope);
    const head = await this.headOf(scope, note, places);
    const read = await readNodes(manager, distinct(bundleHeadNodes(head)));
    for (const line of bundleHeadLines(head, read)) yield writeBundleLine(line);
    for await (const line of bundleEntries(manager, places)) yield writeBundleLine(line);
  }

  private async headOf(
    scope: BundleScope,
    note: string,
    places: readonly BundlePlace[],
  ): Promise<BundleHead> {
    return {
      ...{ round: scope.row.id, note },
      indexes: places.map(({ index }) => BigInt(index)),
      revealedSizes: await revealedSizes(this.dataSource.manager, scope),
      proposal: await this.proposalOf(scope.row.proposalId),
    };
  }

  private async proposalOf(id: string | null): Promise<BundleHead['proposal']> {
    if (id === null) return null;
    const row = await this.dataSource.getRepository(ProposalEntity).findOneByOrFail({ id });
    if (row.nnsFunction === null || row.payload === null) return null;
    return {
      nnsFunction: row.nnsFunction,
      payload: toBase64(row.payload),
      evidence: JSON.parse(row.evidence) as Record<string, unknown>,
    };
  }
}

/** Nobody could read back more, and to make it would take memory by the length of the log. */
function requireReadable({ row, verdictIndex, size, isWholeLog }: BundleScope): void {
  const entries = isWholeLog ? size : verdictIndex - row.openIndex;
  if (entries < MAX_LINES) return;
  throw new ProblemError(
    HttpStatus.UNPROCESSABLE_ENTITY,
    'bundle-too-large',
    `the bundle would have ${entries} entries: fewer than ${MAX_LINES} are read`,
  );
}

function distinct<T extends { readonly level: number; readonly index: bigint }>(
  nodes: readonly T[],
): readonly T[] {
  return [...new Map(nodes.map((node) => [`${node.level}/${String(node.index)}`, node])).values()];
}
