import { HttpStatus, Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { RosterEntry } from '#libs/attestation';
import { canonicalJson, quote } from '#libs/encoding';
import { ProblemError } from '#libs/platform';
import type { Config } from '../config.js';
import { KeyBookService } from '../keys/key-book.service.js';
import { CONFIG } from '../tokens.js';
import { invitationOf } from './invitation.js';
import { readRosterFile } from './roster-file.js';

/** Who may be invited. */
@Injectable()
export class RosterService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly keys: KeyBookService,
  ) {}

  /**
   * Gives the roster file's builders, all of them or those that are named, each with the key that it
   * has now. Whose key has ended is left out of an open invitation, and refused where it is named.
   *
   * @throws ProblemError roster-unusable, unknown-builder, key-not-active
   */
  async invite(
    builders: readonly string[] | undefined,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<readonly RosterEntry[]> {
    const roster = await readRosterFile(this.config.ROSTER_FILE);
    if (builders !== undefined) requireListed(roster, builders);
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
   * Gives the operators' own keys, base64, that the roster file binds labels to.
   *
   * @throws ProblemError roster-unusable
   */
  async operatorKeys(): Promise<ReadonlySet<string>> {
    const roster = await readRosterFile(this.config.ROSTER_FILE);
    return new Set(roster.flatMap(({ publicKey }) => publicKey ?? []));
  }
}

function requireListed(roster: readonly RosterEntry[], builders: readonly string[]): void {
  const known = new Set(roster.flatMap((entry) => entry.builders.map(({ builder }) => builder)));
  const unknown = builders.find((builder) => !known.has(builder));
  if (unknown === undefined) return;
  throw new ProblemError(
    HttpStatus.UNPROCESSABLE_ENTITY,
    'unknown-builder',
    `${quote(unknown)} is not on the roster: add it to the roster file first`,
  );
}
