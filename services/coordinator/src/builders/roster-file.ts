import { readFile } from 'node:fs/promises';
import { HttpStatus } from '@nestjs/common';
import {
  builderIdOf,
  checkRosterKeys,
  publicKeyFromText,
  type RosterBuilder,
  type RosterEntry,
} from '#libs/attestation';
import { checkRoster } from '#libs/consensus';
import { RosterFile } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { ProblemError } from '#libs/platform';

type Listed = RosterFile['operators'][number]['builders'][number];

/**
 * Reads the roster file: each builder by the principal of the key that is listed, its first one, and
 * each operator with its own key, where it has one.
 *
 * @throws ProblemError roster-unusable
 */
export async function readRosterFile(path: string): Promise<readonly RosterEntry[]> {
  try {
    const file = RosterFile.parse(JSON.parse(await readFile(path, 'utf8')));
    const roster = file.operators.map(({ operator, publicKey, builders }) => ({
      operator,
      ...(publicKey !== undefined && { publicKey: toBase64(publicKeyFromText(publicKey)) }),
      builders: builders.map(readBuilder),
    }));
    checkRoster(
      roster.map(({ operator, builders }) => ({
        operator,
        builders: builders.map(({ builder }) => builder),
      })),
    );
    checkRosterKeys(roster);
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

function readBuilder({ builder, publicKey }: Listed): RosterBuilder {
  const raw = publicKeyFromText(publicKey);
  const derived = builderIdOf(raw);
  if (builder !== undefined && builder !== derived) {
    throw new Error(
      `builder ${builder} is listed with the key of ${derived}: a builder is listed by its first key for ever`,
    );
  }
  return { builder: derived, publicKey: toBase64(raw) };
}
