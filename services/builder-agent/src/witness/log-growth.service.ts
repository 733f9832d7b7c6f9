import { Inject, Injectable, Logger } from '@nestjs/common';
import { ROUTES } from '#libs/contracts';
import {
  buildConsistencyProof,
  consistencyNodes,
  fetchNodes,
  MAX_TILE_BYTES,
  tilePath,
  TlogError,
  verifyConsistency,
  type Checkpoint,
  type HashTileId,
} from '#libs/tlog';
import { askCoordinator } from '../ask-coordinator.js';
import type { Config } from '../config.js';
import { CONFIG } from '../tokens.js';
import { keepContradiction } from './contradiction.js';
import { LogStateService, type SeenCheckpoint } from './log-state.service.js';

const HTTP_TIMEOUT_MS = 10_000;
/** How often a proof is made anew because this agent cosigned meanwhile: then all do at once. */
const TRIES = 5;

/** What comes of holding a signed tree against the one that this agent last saw. */
export type GrowthJudgement =
  | { readonly kind: 'consistent' }
  /** No proof is to be had now: asked again it may be otherwise. */
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'contradicted'; readonly reason: string };

/**
 * Holds trees that somebody shows against the one state of this agent: the smaller of both has to be
 * the beginning of the larger. What proves it is computed of the coordinator's tiles.
 */
@Injectable()
export class LogGrowthService {
  private readonly logger = new Logger(LogGrowthService.name);

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'COORDINATOR_URL'>,
    private readonly state: LogStateService,
  ) {}

  /**
   * Judges a note that the log signed. A larger tree that holds becomes what was seen, before this
   * resolves; where one does not hold, both notes are kept.
   *
   * @throws LogStateError when the state is not what this agent wrote
   */
  async hold(shown: SeenCheckpoint, signal: AbortSignal): Promise<GrowthJudgement> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const seen = await this.state.update((state) => ({ keep: null, answer: state }));
      const proof = await this.proofBetween(seen?.checkpoint ?? null, shown.checkpoint, signal);
      if (typeof proof === 'string') return { kind: 'unknown', reason: proof };
      const judgement = await this.step(seen, shown, proof);
      if (judgement?.kind === 'contradicted' && seen !== null) {
        await this.tell(seen, shown, judgement.reason);
      }
      if (judgement !== null) return judgement;
    }
    return { kind: 'unknown', reason: 'the log grew each time while a proof was made' };
  }

  /** Null where something else was seen than what the proof is about. */
  private step(
    seen: SeenCheckpoint | null,
    shown: SeenCheckpoint,
    proof: readonly Uint8Array[],
  ): Promise<GrowthJudgement | null> {
    return this.state.update((now): { keep: string | null; answer: GrowthJudgement | null } => {
      if (now?.note !== seen?.note) return { keep: null, answer: null };
      const answer = judge(now?.checkpoint ?? null, shown.checkpoint, proof);
      const isNewer = shown.checkpoint.size > (now?.checkpoint.size ?? 0n);
      return { keep: answer.kind === 'consistent' && isNewer ? shown.note : null, answer };
    });
  }

  /** Gives the proof, or why there is none now. */
  private async proofBetween(
    seen: Checkpoint | null,
    shown: Checkpoint,
    signal: AbortSignal,
  ): Promise<readonly Uint8Array[] | string> {
    const [size1, size2] = sizesOf(seen, shown);
    if (size1 === 0n || size1 === size2) return [];
    const nodes = consistencyNodes(size1, size2);
    try {
      const fetchTile = (id: HashTileId) => this.fetchTile(id, signal);
      return buildConsistencyProof(
        ...([size1, size2, await fetchNodes({ size: size2, nodes, fetchTile })] as const),
      );
    } catch (error) {
      const sizes = `from ${String(size1)} to ${String(size2)}`;
      return `nothing shows how the log grew ${sizes}: ${String(error)}`;
    }
  }

  private async fetchTile(id: HashTileId, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const url = new URL(`/${ROUTES.log}/${tilePath(id)}`, this.config.COORDINATOR_URL);
    const { status, body } = await askCoordinator(url, {
      timeoutMs: HTTP_TIMEOUT_MS,
      maxBytes: MAX_TILE_BYTES,
      signal,
    });
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`${url.pathname} answered ${status}`);
    return body;
  }

  private async tell(seen: SeenCheckpoint, shown: SeenCheckpoint, reason: string): Promise<void> {
    const contradiction = { seen: seen.note, shown: shown.note };
    const path = await keepContradiction(this.state.folder(), contradiction);
    const kept = path ?? 'as many are kept already as are kept';
    this.logger.error(`the log was shown as what it did not grow to, or from: ${reason}; ${kept}`);
  }
}

function judge(
  seen: Checkpoint | null,
  shown: Checkpoint,
  proof: readonly Uint8Array[],
): GrowthJudgement {
  if (seen === null || seen.size === 0n) return { kind: 'consistent' };
  const [older, newer] = seen.size <= shown.size ? [seen, shown] : [shown, seen];
  if (older.size === 0n) return { kind: 'consistent' };
  const [{ size: size1, root: root1 }, { size: size2, root: root2 }] = [older, newer];
  try {
    verifyConsistency({ size1, root1, size2, root2, proof });
    return { kind: 'consistent' };
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    return { kind: 'contradicted', reason: error.message };
  }
}

function sizesOf(seen: Checkpoint | null, shown: Checkpoint): readonly [bigint, bigint] {
  const size = seen?.size ?? 0n;
  return size <= shown.size ? [size, shown.size] : [shown.size, size];
}
