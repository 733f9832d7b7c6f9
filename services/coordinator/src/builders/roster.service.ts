import { HttpStatus, Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { KeyEvent, RosterEntry } from '#libs/attestation';
import type { BuilderView } from '#libs/contracts';
import { canonicalJson, quote } from '#libs/encoding';
import { ProblemError } from '#libs/platform';
import type { Config } from '../config.js';
import { KeyBookService } from '../keys/key-book.service.js';
import { CONFIG } from '../tokens.js';
import { invitationOf } from './invitation.js';
import { mergeRoster } from './merged-roster.js';
import { RegistryService } from './registry.service.js';
import { readRosterFile } from './roster-file.js';

/** As many as a RoundOpen has room for. */
const MAX_OPERATORS = 256;
const MAX_OWN = 64;

/** Who may be invited. */
@Injectable()
export class RosterService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly keys: KeyBookService,
    private readonly registry: RegistryService,
  ) {}

  /**
   * Gives the builders of the roster file and of the registry, all of them or those that are named,
   * each with the key that it has now. Whose key has ended is left out of an open invitation, and
   * refused where it is named.
   *
   * @throws ProblemError roster-unusable, unknown-builder, builder-not-active, key-not-active,
   *   too-many-builders
   */
  async invite(
    builders: readonly string[] | undefined,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<readonly RosterEntry[]> {
    const invited = await this.gather(builders, manager);
    requireFew(invited);
    return invited;
  }

  /**
   * Gives everybody who could be invited, be it more than a round has room for: for a choice among them.
   *
   * @throws ProblemError roster-unusable
   */
  invitable(manager: EntityManager = this.dataSource.manager): Promise<readonly RosterEntry[]> {
    return this.gather(undefined, manager);
  }

  private async gather(
    builders: readonly string[] | undefined,
    manager: EntityManager,
  ): Promise<readonly RosterEntry[]> {
    const file = await readRosterFile(this.config.ROSTER_FILE);
    const registered = await this.registry.approved(manager);
    const roster = mergeRoster(file, registered);
    if (builders !== undefined) requireListed(roster, registered, builders);
    const history = await this.keys.read(manager);
    const at = new Date().toISOString();
    return roster
      .map((entry) => ({
        ...entry,
        builders: entry.builders.flatMap((listed) => {
          if (builders?.includes(listed.builder) === false) return [];
          const invitation = invitationOf(history, entry.publicKey, listed, at);
          if (invitation.kind === 'invited') return [invitation.as];
          if (builders === undefined) return [];
          throw new ProblemError(
            HttpStatus.UNPROCESSABLE_ENTITY,
            'key-not-active',
            `builder ${invitation.builder} cannot be invited: ${invitation.reason}`,
          );
        }),
      }))
      .filter((entry) => entry.builders.length > 0);
  }

  /**
   * Refuses an invitation that is not up to date any more, above all because a key was logged since:
   * a round that asks a builder by a key that has ended would wait for it in vain. The caller holds
   * the log's lock.
   *
   * @throws ProblemError roster-changed, and what {@link invite} refuses
   */
  async requireCurrent(
    manager: EntityManager,
    builders: readonly string[] | undefined,
    invited: readonly RosterEntry[],
  ): Promise<void> {
    const now = await this.invite(builders, manager);
    if (canonicalJson(now) === canonicalJson(invited)) return;
    throw new ProblemError(
      HttpStatus.CONFLICT,
      'roster-changed',
      'the roster or a key changed while the builders were being invited: ask again',
    );
  }

  /**
   * Gives the keys, base64, of the operators whose records are logged: those that the roster file
   * names, and those of which a builder was approved. Who has none left that is not revoked brings no
   * further keys; a revocation is taken of all of them.
   *
   * @throws ProblemError roster-unusable
   */
  async operatorKeys(manager: EntityManager, kind: KeyEvent['kind']): Promise<ReadonlySet<string>> {
    const roster = await readRosterFile(this.config.ROSTER_FILE);
    const registered = await this.registry.approved(manager);
    const known = registered.filter(({ status }) => kind === 'revocation' || status !== 'revoked');
    return new Set([
      ...roster.flatMap(({ publicKey }) => publicKey ?? []),
      ...known.map(({ operator }) => operator.publicKey),
    ]);
  }
}

/** A RoundOpen has room for so many, and a round that asks for kinds of builders needs far fewer. */
function requireFew(invited: readonly RosterEntry[]): void {
  const isRoomy =
    invited.length <= MAX_OPERATORS && invited.every(({ builders }) => builders.length <= MAX_OWN);
  if (isRoomy) return;
  throw new ProblemError(
    HttpStatus.UNPROCESSABLE_ENTITY,
    'too-many-builders',
    `a round invites at most ${MAX_OPERATORS} operators with ${MAX_OWN} builders each: name the builders, or ask for as many as are needed`,
  );
}

function requireListed(
  roster: readonly RosterEntry[],
  registered: readonly BuilderView[],
  builders: readonly string[],
): void {
  const known = new Set(roster.flatMap((entry) => entry.builders.map(({ builder }) => builder)));
  const unknown = builders.find((builder) => !known.has(builder));
  if (unknown === undefined) return;
  const found = registered.find(({ builder }) => builder === unknown);
  if (found !== undefined) {
    throw new ProblemError(
      HttpStatus.UNPROCESSABLE_ENTITY,
      'builder-not-active',
      `builder ${found.builder} is ${found.status}: rounds invite only active ones`,
    );
  }
  throw new ProblemError(
    HttpStatus.UNPROCESSABLE_ENTITY,
    'unknown-builder',
    `${quote(unknown)} is not on the roster: approve it, or add it to the roster file first`,
  );
}
