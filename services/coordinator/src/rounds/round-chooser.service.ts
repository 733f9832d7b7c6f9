import { HttpStatus, Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { RosterEntry, RoundGroup } from '#libs/attestation';
import type { Ask, OpenRound } from '#libs/contracts';
import { ProblemError } from '#libs/platform';
import { choose, type Choice } from '#libs/selection';
import { RosterService } from '../builders/roster.service.js';
import type { Config } from '../config.js';
import { CandidatesService } from '../dispatch/candidates.service.js';
import { keepAsk, keptChoice, type KeptChoice } from '../dispatch/round-asks.js';
import { GroupsService } from '../groups/groups.service.js';
import { CONFIG } from '../tokens.js';
import type { RoundRules } from './round-rules.service.js';

/** Obstacles are told so far in a refusal: a group mends one after the other. */
const TOLD_OBSTACLES = 8;

/** What was asked for, and who was chosen. */
export interface ChosenFor {
  readonly ask: Ask;
  readonly choice: KeptChoice;
}

/**
 * Who is to be invited; `chosen` is null where builders were named, or everybody is asked, and `groups`
 * where no groups were.
 */
export interface Invited {
  readonly roster: readonly RosterEntry[];
  readonly chosen: ChosenFor | null;
  readonly groups: readonly RoundGroup[] | null;
}

/** Finds whom to invite: who is named, who is chosen for what is asked, or everybody. */
@Injectable()
export class RoundChooserService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
    private readonly roster: RosterService,
    private readonly candidates: CandidatesService,
    private readonly groups: GroupsService,
  ) {}

  /**
   * Gives the roster of a round that is about to be opened.
   *
   * @throws ProblemError no-such-group, ask-unmet with each demand that cannot be met, and what RosterService throws
   */
  async invite(
    { builders, ask: asked, groups }: Pick<OpenRound, 'builders' | 'ask' | 'groups'>,
    { nonce, openedAt, closesAt }: RoundRules,
  ): Promise<Invited> {
    if (groups !== undefined) return this.inviteGroups(groups);
    const ask = asked ?? (builders === undefined ? this.config.DEFAULT_ASK : undefined);
    if (ask === undefined) {
      return { roster: await this.roster.invite(builders), chosen: null, groups: null };
    }
    const everybody = await this.roster.invitable();
    const now = new Date(openedAt);
    const candidates = await this.candidates.of(this.dataSource.manager, everybody, now);
    const span = { at: now.getTime(), until: Date.parse(closesAt) };
    const choice = choose(candidates, ask, { seed: nonce, ...span });
    if (choice.kind === 'unmet') throw unmet(choice);
    const taken = new Set(choice.taken.map(({ builder }) => builder));
    const roster = everybody
      .map((entry) => ({
        ...entry,
        builders: entry.builders.filter(({ builder }) => taken.has(builder)),
      }))
      .filter((entry) => entry.builders.length > 0);
    return { roster, chosen: { ask, choice: keptChoice(ask, choice) }, groups: null };
  }

  /** A member without a builder in service is not asked, and everybody sees that it was not. */
  private async inviteGroups(ids: readonly string[]): Promise<Invited> {
    const groups = await this.groups.forRound(ids);
    const members = new Set(groups.flatMap((group) => group.members));
    const everybody = await this.roster.invitable();
    const roster = everybody.filter(({ operator }) => members.has(operator));
    return { roster, chosen: null, groups };
  }

  /** Keeps what was chosen for a round, in the transaction that opens it, and has it looked after. */
  async keep(
    manager: EntityManager,
    round: string,
    { ask, choice }: ChosenFor,
    now: Date,
  ): Promise<void> {
    const dueAt = new Date(now.getTime() + this.config.VANISHED_SECONDS * 1000);
    await keepAsk(manager, { round, ask, choice, dueAt });
  }
}

function unmet(choice: Choice & { readonly kind: 'unmet' }): ProblemError {
  const demands = choice.unmet.map(
    ({ demand, need, have, wants }) => `${demand} has ${have} of ${need}: ${wants} would meet it`,
  );
  const left = choice.left
    .slice(0, TOLD_OBSTACLES)
    .map(({ operator, builder, reason }) => `${builder} of ${operator} ${reason}`);
  const more = choice.left.length - left.length;
  const others = more > 0 ? `, and ${more} more` : '';
  const obstacles = left.length === 0 ? '' : `; left out: ${left.join('; ')}${others}`;
  return new ProblemError(
    HttpStatus.CONFLICT,
    'ask-unmet',
    `no builders here meet what is asked: ${demands.join('; ')}${obstacles}`,
  );
}
