import { HttpStatus, Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Not, Raw, type DataSource } from 'typeorm';
import {
  headlineOf,
  workOf,
  type ExplanationReport,
  type OtherRound,
  type ProposalReport,
  type Report,
} from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import type { ProposalDecision } from '#libs/nns';
import { ProposalEntity, RoundEntity } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { RegistryService } from '../builders/registry.service.js';
import type { Config } from '../config.js';
import { readExplanation } from '../explanations/read-explanation.js';
import { LogService } from '../log/log.service.js';
import { RoundLinesService } from '../queries/round-lines.service.js';
import { countRound } from '../rounds/round-ballot.js';
import { noSuchRound } from '../rounds/round-problems.js';
import type { LoadedRound } from '../rounds/round-store.js';
import { CONFIG } from '../tokens.js';
import { VerifiedResultsService } from '../rounds/verified-results.service.js';
import { OpenedEnvelopesService } from '../verdicts/opened-envelopes.service.js';
import { answersTo } from '../verdicts/round-answers.js';
import { answersReport } from './answers-report.js';
import { builderReports } from './builder-reports.js';
import { failureReport } from './failure-report.js';
import { publishedReports } from './published-reports.js';
import { artifactReport, roundReport } from './round-report.js';
import { readStoredRound } from './stored-round.js';

/** Root causes come first, and there are seldom more than a few. */
const REPORTED_FINDINGS = 100;
const SCHEMA = 'https://repro-quorum.dev/ns/report/v1';

/** Reports, computed from what is logged. */
@Injectable()
export class ReportService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly log: LogService,
    private readonly registry: RegistryService,
    private readonly lines: RoundLinesService,
    private readonly verified: VerifiedResultsService,
    private readonly opened: OpenedEnvelopesService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Reports on a round as it stands.
   *
   * @throws ProblemError no-such-round
   */
  async ofRound(round: string): Promise<Report> {
    const [report, explanation] = await Promise.all([
      this.withoutExplanations(round),
      readExplanation(this.dataSource.manager, round),
    ]);
    if (explanation === null || explanation.artifacts.length === 0) return report;
    return { ...report, explanations: explanation.artifacts.map(shortened) };
  }

  /**
   * Reports on a round as it stands, but for why it split: that may be long.
   *
   * @throws ProblemError no-such-round
   */
  async withoutExplanations(round: string): Promise<Report> {
    const stored = await readStoredRound(this.dataSource, round, {
      ...{ registry: this.registry, verified: this.verified.asStored },
      vanishedMs: this.config.VANISHED_SECONDS * 1000,
    });
    if (stored === null) {
      throw noSuchRound(round);
    }
    const { loaded, isRepeated, asked, known } = stored;
    const [otherRounds, proposal, answers, log] = await Promise.all([
      this.otherRounds(loaded),
      this.proposalReport(loaded.row.proposalId),
      this.answersReport(loaded),
      this.logReport(),
    ]);
    const verdicts = countRound(loaded, {
      isRepeated,
      origin: this.log.config.LOG_ORIGIN,
    });
    return this.withHeadline({
      kind: 'round',
      proposal,
      deployment: null,
      release: loaded.open.release,
      round: roundReport(loaded, verdicts, asked),
      artifacts: verdicts.map(artifactReport),
      ...failureReport(loaded),
      builders: builderReports(loaded, known),
      published: publishedReports(loaded),
      otherRounds,
      ...answers,
      log,
    });
  }

  /**
   * Reports on a proposal: its newest round, or what it means where there is nothing to build.
   *
   * @throws ProblemError no-such-proposal, no-round-yet
   */
  async ofProposal(id: string): Promise<Report> {
    const row = await this.dataSource.getRepository(ProposalEntity).findOneBy({ id });
    if (row === null) {
      throw new ProblemError(
        HttpStatus.NOT_FOUND,
        'no-such-proposal',
        `proposal ${id} was never asked for here: \`round open ${id}\` reads it`,
      );
    }
    const decision = row.decision as ProposalDecision;
    if (decision.kind === 'deploys') return this.ofDeployment(row, decision);
    if (decision.kind === 'unelects-only') {
      return this.withHeadline({
        ...EMPTY,
        kind: 'nothing-to-build',
        proposal: proposalOf(row),
        log: await this.logReport(),
      });
    }
    const [newest] = await this.dataSource.getRepository(RoundEntity).find({
      where: { proposalId: id },
      order: { openedAt: 'DESC' },
      take: 1,
    });
    if (newest !== undefined) return this.ofRound(newest.id);
    throw new ProblemError(
      HttpStatus.NOT_FOUND,
      'no-round-yet',
      `no round was opened on proposal ${id}: \`round open ${id}\` opens one`,
    );
  }

  /** A deployment is as good as the version that it deploys: the newest decided round tells. */
  private async ofDeployment(
    row: ProposalEntity,
    decision: ProposalDecision & { kind: 'deploys' },
  ): Promise<Report> {
    const { os, commit, to } = decision;
    const [held] = await this.dataSource.getRepository(RoundEntity).find({
      // What has no verdict cannot speak for the version. TypeORM finds the column's name only where a
      // space follows it.
      where: {
        release: `ic/${commit}`,
        open: Raw(
          (open) => `(${open} -> 'experiment' IS NULL AND ${open} -> 'calibration' IS NULL)`,
        ),
      },
      order: { decidedAt: { direction: 'DESC', nulls: 'LAST' }, openedAt: 'DESC' },
      take: 1,
    });
    const report = held === undefined ? null : await this.ofRound(held.id);
    return this.withHeadline({
      ...EMPTY,
      kind: 'deployment',
      proposal: proposalOf(row),
      deployment: {
        os,
        commit,
        to: 'nodeIds' in to ? { kind: to.kind, nodeIds: [...to.nodeIds] } : to,
      },
      release: report?.release ?? null,
      round: report?.round ?? null,
      artifacts: (report?.artifacts ?? []).filter(({ name }) => name.startsWith(os)),
      ...explanationsOf(os, report),
      builders: report?.builders ?? [],
      otherRounds: report?.otherRounds ?? [],
      log: await this.logReport(),
    });
  }

  private async answersReport(loaded: LoadedRound): Promise<Pick<Report, 'answers'>> {
    const answers = await answersTo(this.dataSource.manager, loaded, (envelope, key) =>
      this.opened.open(envelope, key),
    );
    return answers === null ? {} : { answers: answersReport(answers) };
  }

  private async proposalReport(id: string | null): Promise<ProposalReport | null> {
    if (id === null) return null;
    return proposalOf(await this.dataSource.getRepository(ProposalEntity).findOneByOrFail({ id }));
  }

  private async otherRounds({ row }: LoadedRound): Promise<OtherRound[]> {
    const others = await this.dataSource.getRepository(RoundEntity).find({
      select: { id: true, openedAt: true, phase: true, proposalId: true },
      where: { release: row.release, id: Not(row.id) },
      order: { openedAt: 'ASC' },
    });
    const lines = await this.lines.of(others.map(({ id }) => id));
    return others.map(({ id, openedAt, phase, proposalId }) => ({
      ...{ round: id, openedAt: openedAt.toISOString(), phase, proposal: proposalId },
      ...lines.get(id)?.purpose,
      verdicts: lines.get(id)?.artifacts.map(({ name, verdict }) => ({ name, verdict })) ?? [],
    }));
  }

  private async logReport(): Promise<Report['log']> {
    const checkpoint = await this.log.latest();
    return checkpoint === null ? null : { origin: this.log.config.LOG_ORIGIN, checkpoint };
  }

  private withHeadline(report: Omit<Report, 'schema' | 'headline' | 'work'>): Report {
    const work = workOf(report.artifacts);
    return { schema: SCHEMA, headline: headlineOf(report), ...report, work };
  }
}

const EMPTY = {
  deployment: null,
  release: null,
  round: null,
  artifacts: [],
  builders: [],
  published: [],
  otherRounds: [],
} satisfies Partial<Report>;

/** A report tells the first of what was found; `GET /v1/rounds/:round/explanation` all of it. */
function shortened(explanation: ExplanationReport): ExplanationReport {
  return { ...explanation, findings: explanation.findings.slice(0, REPORTED_FINDINGS) };
}

function explanationsOf(os: string, report: Report | null): Pick<Report, 'explanations'> {
  const explanations = report?.explanations?.filter(({ artifact }) => artifact.startsWith(os));
  return explanations === undefined ? {} : { explanations };
}

function proposalOf(row: ProposalEntity): ProposalReport {
  const decision = row.decision as ProposalDecision;
  return {
    id: row.id,
    title: row.title,
    nnsFunction: row.nnsFunction,
    payloadSha256: row.payload === null ? null : sha256(row.payload),
    deadlineAt: row.votingEndsAt?.toISOString() ?? null,
    urls: decision.kind === 'elects' ? [...decision.urls] : [],
    unelects: decision.kind === 'deploys' ? [] : [...decision.unelects],
  };
}
