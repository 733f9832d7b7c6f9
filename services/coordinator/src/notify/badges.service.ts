import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Raw, type DataSource } from 'typeorm';
import { badgeOf, type ShieldsBadge } from '#libs/contracts';
import type { ProposalDecision } from '#libs/nns';
import { ProposalEntity, RoundEntity } from '#libs/persistence';
import { openOf } from '../rounds/round-store.js';
import { readVerdictAt } from './round-verdicts.js';

/** What badges say, of what is stored: a row and a logged verdict. What is not known has a badge, too. */
@Injectable()
export class BadgesService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async ofRound(round: string): Promise<ShieldsBadge> {
    return this.badge(await this.dataSource.getRepository(RoundEntity).findOneBy({ id: round }));
  }

  /** The newest round of a proposal; of one that deploys a version, the newest decided one on it. */
  async ofProposal(id: string): Promise<ShieldsBadge> {
    const proposal = await this.dataSource.getRepository(ProposalEntity).findOne({
      select: { id: true, decision: true },
      where: { id },
    });
    if (proposal === null) return badgeOf(null);
    const decision = proposal.decision as ProposalDecision;
    const [newest] = await this.dataSource.getRepository(RoundEntity).find(
      decision.kind === 'deploys'
        ? {
            where: {
              release: `ic/${decision.commit}`,
              open: Raw(
                (open) => `(${open} -> 'experiment' IS NULL AND ${open} -> 'calibration' IS NULL)`,
              ),
            },
            order: { decidedAt: { direction: 'DESC', nulls: 'LAST' }, openedAt: 'DESC' },
            take: 1,
          }
        : { where: { proposalId: id }, order: { openedAt: 'DESC' }, take: 1 },
    );
    return this.badge(newest ?? null);
  }

  private async badge(row: RoundEntity | null): Promise<ShieldsBadge> {
    if (row === null) return badgeOf(null);
    const { phase, verdictIndex } = row;
    const artifacts =
      phase === 'final' && verdictIndex !== null
        ? await readVerdictAt(this.dataSource.manager, verdictIndex)
        : [];
    return badgeOf({ phase, asked: openOf(row).roster.length, artifacts });
  }
}
