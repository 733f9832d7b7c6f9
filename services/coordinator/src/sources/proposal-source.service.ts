import { HttpStatus, Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { ProposalEvidence } from '#libs/contracts';
import { canonicalJson, sha256, toBase64 } from '#libs/encoding';
import {
  decodePayload,
  evidenceToJson,
  type Governance,
  type Proposal,
  type ProposalDecision,
} from '#libs/nns';
import { ProposalEntity } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { GOVERNANCE } from '../tokens.js';

/** A proposal with what it decides, archived. */
export interface ReadProposal {
  readonly id: string;
  readonly title: string;
  readonly nnsFunction: number;
  readonly payloadSha256: string;
  readonly evidenceSha256: string;
  readonly votingEndsAt: Date | null;
  readonly decision: ProposalDecision;
}

/** Proposals, as the governance canister certifies them. */
@Injectable()
export class ProposalSourceService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(GOVERNANCE) private readonly governance: Governance,
  ) {}

  /**
   * Reads a proposal by a certified call, decodes it by its NNS function, and archives payload and
   * certificate: governance forgets old proposals. The first certified reading is the one kept.
   *
   * @throws NnsError as the read and the decoder have it; ProblemError not-an-election
   */
  async read(asked: string): Promise<ReadProposal> {
    const { proposal, evidence } = await this.governance.readProposal(BigInt(asked));
    const { nnsFunction, payload } = proposal;
    // `007` and `7` are one proposal, archived under one name.
    const id = proposal.id.toString();
    if (nnsFunction === null || payload === null) {
      throw new ProblemError(
        HttpStatus.UNPROCESSABLE_ENTITY,
        'not-an-election',
        `proposal ${id} executes no NNS function, so it neither elects nor deploys a version`,
      );
    }
    const decision = decodePayload(nnsFunction, payload);
    const evidenceText = canonicalJson(evidenceToJson(evidence));
    const archived = await this.archive(proposal, decision, payload, evidenceText);
    return {
      id,
      title: archived.title,
      nnsFunction,
      payloadSha256: sha256(payload),
      evidenceSha256: sha256(archived.evidence),
      votingEndsAt: archived.votingEndsAt,
      decision,
    };
  }

  /**
   * Tells which of these proposals need nothing more: a round was opened, or there is none to open.
   * One that was read and then not opened, because something crashed or the roster was empty, is
   * not among them.
   */
  async settled(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.dataSource
      .getRepository(ProposalEntity)
      .createQueryBuilder('proposal')
      .select('proposal.id', 'id')
      .where('proposal.id = ANY(:ids)', { ids })
      .andWhere(
        `(proposal.decision->>'kind' <> 'elects'
          OR EXISTS (SELECT 1 FROM "round" WHERE "round"."proposal_id" = proposal.id))`,
      )
      .getRawMany<{ id: string }>();
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * Gives what was archived of a proposal, for whoever wants to verify the read offline.
   *
   * @throws ProblemError no-such-proposal
   */
  async evidence(id: string): Promise<ProposalEvidence> {
    const row = await this.dataSource.getRepository(ProposalEntity).findOneBy({ id });
    if (row === null) {
      throw new ProblemError(
        HttpStatus.NOT_FOUND,
        'no-such-proposal',
        `proposal ${id} was never asked for here: \`round open ${id}\` reads it`,
      );
    }
    return {
      proposal: id,
      nnsFunction: row.nnsFunction,
      payload: row.payload === null ? null : toBase64(row.payload),
      evidence: JSON.parse(row.evidence) as Record<string, unknown>,
    };
  }

  /** Lists open proposals that elect a version: ids only, since the listing is not certified. */
  async listOpen(): Promise<readonly string[]> {
    return (await this.governance.listOpenElections()).map(String);
  }

  private async archive(
    proposal: Proposal,
    decision: ProposalDecision,
    payload: Uint8Array,
    evidence: string,
  ): Promise<ProposalEntity> {
    const proposals = this.dataSource.getRepository(ProposalEntity);
    const id = proposal.id.toString();
    const ends = proposal.deadlineTimestampSeconds;
    await proposals
      .createQueryBuilder()
      .insert()
      .values({
        id,
        title: proposal.title ?? '',
        url: proposal.url,
        nnsFunction: proposal.nnsFunction,
        payload: Buffer.from(payload),
        decision,
        evidence,
        votingEndsAt: ends === null ? null : new Date(ends * 1000),
        archivedAt: new Date(),
      })
      .orIgnore()
      .execute();
    return proposals.findOneByOrFail({ id });
  }
}
