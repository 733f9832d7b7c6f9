import { rm } from 'node:fs/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { MAX_MANIFEST_ROOTS } from '#libs/attestation';
import type { BuildOutput } from '#libs/icos';
import { writeManifest } from '#libs/image';
import type { Config } from '../config.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { ProgressService } from '../jobs/progress.service.js';
import { CONFIG } from '../tokens.js';
import { isFile } from './is-file.js';
import type { KeptArtifact } from './kept-round.js';
import { KeptStoreService } from './kept-store.service.js';
import type { PrivateValue } from './private-value.js';
import { spoolLimits } from './spool-limits.js';
import { takeFile } from './take-file.js';

/** An image that takes longer is left without a manifest: the commit is waited for. */
const MANIFEST_TIMEOUT_MS = 30 * 60_000;

/** Makes content manifests of what was built, and keeps them and the images for later questions. */
@Injectable()
export class ManifestsService {
  private readonly logger = new Logger(ManifestsService.name);

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'EXPLAIN'>,
    private readonly jobs: JobStoreService,
    private readonly kept: KeptStoreService,
    private readonly progress: ProgressService,
  ) {}

  /**
   * Gives the manifest roots of outputs, by artifact, once the manifests are on disk: a root that is
   * signed can be asked about. It never fails a build: a manifest that cannot be made is told in the
   * agent's log and left out, and with `EXPLAIN=off` there is none.
   */
  async make(
    round: string,
    outputs: readonly BuildOutput[],
    values: readonly PrivateValue[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    if (this.config.EXPLAIN === 'off') return new Map();
    try {
      await this.jobs.keepPrivateValues(round, values);
      const artifacts = await this.makeAll(round, outputs.slice(0, MAX_MANIFEST_ROOTS), signal);
      await this.kept.finish(round, artifacts);
      return new Map(artifacts.map(({ artifact, manifest }) => [artifact, manifest]));
    } catch (error) {
      this.logger.warn(`round ${round.slice(0, 12)}: no manifests: ${messageOf(error)}`);
      await this.kept.abandon(round).catch((cause: unknown) => {
        this.logger.warn(cause);
      });
      return new Map();
    }
  }

  /** Lets kept images make way for a build; that they cannot is no reason not to try it. */
  async makeRoom(folder: string, neededBytes: number): Promise<void> {
    await this.kept.makeRoom(folder, neededBytes).catch((error: unknown) => {
      this.logger.warn(`no room can be made for a build: ${messageOf(error)}`);
    });
  }

  private async makeAll(
    round: string,
    outputs: readonly BuildOutput[],
    signal: AbortSignal,
  ): Promise<readonly KeptArtifact[]> {
    const totalBytes = outputs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    let doneBytes = 0;
    await this.kept.begin(round, totalBytes);
    const made: KeptArtifact[] = [];
    for (const output of outputs) {
      signal.throwIfAborted();
      const percent = totalBytes === 0 ? null : Math.floor((100 * doneBytes) / totalBytes);
      this.progress.report(round, 'outputs', percent);
      try {
        made.push(await this.makeOne(round, output, signal));
      } catch (error) {
        const isNeeded = made.some(({ sha256 }) => sha256 === output.sha256);
        if (!isNeeded) await rm(this.kept.paths(round, output.sha256).image, { force: true });
        this.logger.warn(`${output.artifact} has no manifest: ${messageOf(error)}`);
      }
      doneBytes += output.sizeBytes;
    }
    return made;
  }

  private async makeOne(
    round: string,
    { artifact, file, sha256, sizeBytes }: BuildOutput,
    signal: AbortSignal,
  ): Promise<KeptArtifact> {
    const { image, manifest } = this.kept.paths(round, sha256);
    const isTaken = this.kept.keepsImages() && (await this.take(file, image));
    const spoolDir = await this.kept.spool();
    const written = await writeManifest({
      path: isTaken ? image : file,
      into: manifest,
      spoolDir,
      limits: await spoolLimits(spoolDir, 1 / 2),
      signal: AbortSignal.any([signal, AbortSignal.timeout(MANIFEST_TIMEOUT_MS)]),
    });
    // What a process that outlived the build writes into it must not be signed for the bytes before.
    if (written.sha256 !== sha256) throw new Error('the file changed since it was hashed');
    return { artifact, sha256, sizeBytes, manifest: written.root };
  }

  /** Takes an image; the same bytes under two names are kept once. */
  private async take(file: string, image: string): Promise<boolean> {
    if (await isFile(image)) return true;
    if (await takeFile(file, image)) return true;
    this.logger.warn('an image is not kept: it can be neither linked, moved nor copied');
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
