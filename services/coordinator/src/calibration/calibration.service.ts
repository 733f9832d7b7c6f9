import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { OpenRoundAnswer } from '#libs/contracts';
import { lockLog } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { RegistryService } from '../builders/registry.service.js';
import { RosterService } from '../builders/roster.service.js';
import { OutboxService } from '../dispatch/outbox.service.js';
import { LogService } from '../log/log.service.js';
import { RoundRulesService } from '../rounds/round-rules.service.js';
import { loadRound } from '../rounds/round-store.js';
import { RoundWriterService } from '../rounds/round-writer.service.js';
import { calibrationRelease, findReference, referenceOf } from './calibration-reference.js';
import { compareCalibration } from './compare-calibration.js';

/** Written into a round in which nobody has to agree with anybody: no verdict is given by it. */
const OF_NOBODY_ELSE = '1';

/** Has builders rebuild what others reproduced, and keeps how they did. */
@Injectable()
export class CalibrationService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly registry: RegistryService,
    private readonly roster: RosterService,
    private readonly rules: RoundRulesService,
    private readonly writer: RoundWriterService,
    private readonly log: LogService,
    private readonly outbox: OutboxService,
  ) {}

  /**
   * Opens a round in which one builder rebuilds the newest release that was reproduced here.
   *
   * @throws ProblemError not-registered, nothing-to-calibrate-by, builder-not-active, key-not-active
   */
  async open(builder: string): Promise<OpenRoundAnswer> {
    const now = new Date();
    const round = await this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      if ((await this.registry.find(builder, manager)) === null) {
        throw new ProblemError(
          HttpStatus.NOT_FOUND,
          'not-registered',
          `builder ${builder} is not in the registry, which keeps how a calibration comes out: it has to be enrolled`,
        );
      }
      const reference = await findReference(manager, this.log.config.LOG_ORIGIN);
      const roster = await this.roster.invite([builder], manager);
      const rules = { ...this.rules.of({}, now), threshold: OF_NOBODY_ELSE };
      const calibration = { round: reference.round, builder };
      const about = { release: calibrationRelease(reference), proposal: null, urls: [] };
      const open = { ...rules, ...about, roster: [...roster], calibration };
      const id = await this.writer.write(manager, open, now);
      await this.keep(manager, builder, { round: id, at: null });
      return id;
    });
    await this.log.publish();
    await this.outbox.flush();
    return { kind: 'opened', round };
  }

  /** Lists the builders that were approved and never calibrated. */
  async neverMeasured(): Promise<readonly string[]> {
    const rows = await this.dataSource.manager.query<{ id: string }[]>(
      `SELECT "id" FROM "builder" WHERE "status" = 'active' AND "calibration" IS NULL
       ORDER BY "approved_at" LIMIT 20`,
    );
    return rows.map(({ id }) => id);
  }

  /** Notes that there was nothing to hold a builder against; `builder calibrate` tries again. */
  async keepUnmeasured(builder: string): Promise<void> {
    const at = new Date().toISOString();
    await this.keep(this.dataSource.manager, builder, { round: null, at });
  }

  /** Takes in what came of calibrations that have ended. Two that do it write the same. */
  async takeIn(): Promise<void> {
    const ended = await this.dataSource.manager.query<{ builder: string; round: string }[]>(
      `SELECT builder."id" AS "builder", round."id" AS "round" FROM "builder" builder
       JOIN "round" round ON round."id" = builder."calibration"->>'round'
       WHERE round."phase" = 'final' AND builder."calibration"->>'at' IS NULL LIMIT 20`,
    );
    for (const { builder, round } of ended) {
      await this.dataSource.transaction(async (manager) => {
        const compared = await this.compare(manager, builder, round);
        const at = new Date().toISOString();
        await this.registry.calibrated(manager, builder, { ...compared, round, at });
      });
    }
  }

  private async compare(
    manager: EntityManager,
    builder: string,
    round: string,
  ): Promise<ReturnType<typeof compareCalibration>> {
    const own = await loadRound(manager, round);
    const past = await loadRound(manager, own?.open.calibration?.round ?? '');
    const reference = past === null ? null : referenceOf(past, this.log.config.LOG_ORIGIN);
    const isCounted = own?.builders.some((seat) => seat.builder === builder && seat.isCounted);
    const result = isCounted === true ? own?.results.get(builder) : undefined;
    if (reference === null) return { outcome: 'none', differs: [] };
    return compareCalibration(builder, result, reference);
  }

  private async keep(
    manager: EntityManager,
    builder: string,
    { round, at }: { readonly round: string | null; readonly at: string | null },
  ): Promise<void> {
    await this.registry.calibrated(manager, builder, { outcome: 'none', round, at, differs: [] });
  }
}
