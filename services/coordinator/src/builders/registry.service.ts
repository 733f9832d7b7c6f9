import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { In, IsNull, MoreThan, Not, type DataSource, type EntityManager } from 'typeorm';
import { parseEnvelope } from '#libs/attestation';
import type {
  BuilderApplicationView,
  BuilderList,
  BuilderStatus,
  BuilderView,
  Calibration,
  Heartbeat,
} from '#libs/contracts';
import { BuilderEntity } from '#libs/persistence';
import { noSuchBuilder } from './builder-problems.js';
import { viewOf } from './builder-row.js';

/** Which builders a page is of. */
export interface ListRequest {
  readonly status?: BuilderStatus | undefined;
  /** The `next` of the page before. */
  readonly after: string;
  readonly limit: number;
}

/** The builders that asked to join, as their rows tell. Reads, and what agents say of themselves. */
@Injectable()
export class RegistryService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Finds a builder, whatever its status; null for one that never asked. */
  async find(
    builder: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<BuilderView | null> {
    const row = await manager.findOneBy(BuilderEntity, { id: builder });
    return row === null ? null : viewOf(row);
  }

  /** Finds those of some builders that ever asked to join. */
  async findAll(
    builders: readonly string[],
    manager: EntityManager = this.dataSource.manager,
  ): Promise<readonly BuilderView[]> {
    const rows = await manager.find(BuilderEntity, {
      where: { id: In([...builders]) },
      order: { id: 'ASC' },
    });
    return rows.map(viewOf);
  }

  /** Gives the builders that rounds may invite, by id. Their keys may have ended: the log knows. */
  async active(manager: EntityManager = this.dataSource.manager): Promise<readonly BuilderView[]> {
    const rows = await manager.find(BuilderEntity, {
      where: { status: 'active' },
      order: { id: 'ASC' },
    });
    return rows.map(viewOf);
  }

  /** Gives every builder that was ever approved, whatever became of it, by id. */
  async approved(
    manager: EntityManager = this.dataSource.manager,
  ): Promise<readonly BuilderView[]> {
    const rows = await manager.find(BuilderEntity, {
      where: { approvedAt: Not(IsNull()) },
      order: { id: 'ASC' },
    });
    return rows.map(viewOf);
  }

  /**
   * Gives what only the group sees.
   *
   * @throws ProblemError no-such-builder
   */
  async application(builder: string): Promise<BuilderApplicationView> {
    const row = await this.dataSource.getRepository(BuilderEntity).findOneBy({ id: builder });
    if (row === null) throw noSuchBuilder(builder);
    const { contact, enrolment } = row;
    return { builder: viewOf(row), contact, enrolment: parseEnvelope(enrolment) };
  }

  /** Gives one page of builders, by id; `next` is null at the end. */
  async list({ status, after, limit }: ListRequest): Promise<BuilderList> {
    const rows = await this.dataSource.getRepository(BuilderEntity).find({
      where: { id: MoreThan(after), ...(status !== undefined && { status }) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    const builders = rows.slice(0, limit).map(viewOf);
    return { builders, next: rows.length > limit ? (builders.at(-1)?.builder ?? null) : null };
  }

  /**
   * Notes that a builder was heard of just now, and what its agent said. Gives its status; null for
   * one that is not in the registry. One that was never approved, or is revoked, leaves no trace.
   */
  async touch(builder: string, heartbeat: Heartbeat): Promise<BuilderStatus | null> {
    const { agentVersion } = heartbeat;
    const rows = await this.dataSource.manager.query<[{ status: BuilderStatus }[], number]>(
      `UPDATE "builder" SET "last_seen_at" = now(), "agent_version" = $2, "heartbeat" = $3
       WHERE "id" = $1 AND "status" IN ('active', 'paused', 'draining') RETURNING "status"`,
      [builder, agentVersion, JSON.stringify(heartbeat)],
    );
    const [updated] = rows[0];
    return updated?.status ?? (await this.find(builder))?.status ?? null;
  }

  /** Keeps what came of a builder's calibration; it is shown, and takes no vote away. */
  async calibrated(
    manager: EntityManager,
    builder: string,
    calibration: Calibration,
  ): Promise<void> {
    await manager.update(BuilderEntity, { id: builder }, { calibration });
  }
}
