import { readFile } from 'node:fs/promises';
import { HttpStatus, Inject, Injectable } from '@nestjs/common';
import { builderIdOf, publicKeyFromText, type RosterEntry } from '#libs/attestation';
import { checkRoster } from '#libs/consensus';
import { RosterFile } from '#libs/contracts';
import { quote, toBase64 } from '#libs/encoding';
import { ProblemError } from '#libs/platform';
import type { Config } from '../config.js';
import { CONFIG } from '../tokens.js';

/** Who may be invited. */
@Injectable()
export class RosterService {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /**
   * Reads the roster file, whole or restricted to some builders.
   *
   * @throws ProblemError roster-unusable, unknown-builder
   */
  async invite(builders: readonly string[] | undefined): Promise<readonly RosterEntry[]> {
    const roster = await this.read();
    if (builders === undefined) return roster;
    const known = new Set(roster.flatMap((entry) => entry.builders.map(({ builder }) => builder)));
    const unknown = builders.find((builder) => !known.has(builder));
    if (unknown !== undefined) {
      throw new ProblemError(
        HttpStatus.UNPROCESSABLE_ENTITY,
        'unknown-builder',
        `${quote(unknown)} is not on the roster: add it to the roster file first`,
      );
    }
    return roster
      .map(({ operator, builders: all }) => ({
        operator,
        builders: all.filter(({ builder }) => builders.includes(builder)),
      }))
      .filter((entry) => entry.builders.length > 0);
  }

  private async read(): Promise<readonly RosterEntry[]> {
    const path = this.config.ROSTER_FILE;
    try {
      const file = RosterFile.parse(JSON.parse(await readFile(path, 'utf8')));
      const roster = file.operators.map(({ operator, builders }) => ({
        operator,
        builders: builders.map(({ builder, publicKey }) => {
          const raw = publicKeyFromText(publicKey);
          const derived = builderIdOf(raw);
          if (builder !== undefined && builder !== derived) {
            throw new Error(`builder ${builder} is listed with the key of ${derived}`);
          }
          return { builder: derived, publicKey: toBase64(raw) };
        }),
      }));
      checkRoster(
        roster.map(({ operator, builders }) => ({
          operator,
          builders: builders.map(({ builder }) => builder),
        })),
      );
      return roster;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ProblemError(
        HttpStatus.UNPROCESSABLE_ENTITY,
        'roster-unusable',
        `the roster file cannot be used: ${reason}`,
        { cause },
      );
    }
  }
}
