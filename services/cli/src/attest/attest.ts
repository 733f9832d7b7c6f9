import { randomBytes } from 'node:crypto';
import {
  armor,
  openEnvelope,
  parseStatement,
  readResult,
  refOf,
  Release,
  resultStatement,
  signStatement,
  type Envelope,
  type Environment,
  type Signer,
} from '#libs/attestation';
import { EnvironmentFile, RoundFile } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { parseSums } from '#libs/icos';
import { readJson, readText } from '../read-file.js';
import { printData, printJson, say } from '../terminal.js';
import { toolDigest } from '../tool-digest.js';
import { VERSION } from '../version.js';
import { writeWhole } from '../write-file.js';
import { declaredEnvironment } from './environment.js';
import { readKey } from './key.js';
import { outputsOf } from './outputs.js';
import { joinRound, type JoinedRound } from './round.js';

/** Options of `attest`, as its definition names them. */
export interface AttestOptions {
  readonly release: string;
  readonly sums: string;
  readonly environment?: string;
  readonly round?: string;
  readonly key: string;
  readonly passphraseFile?: string;
  readonly out: string;
  readonly json?: true;
}

/**
 * Signs what SHA256SUMS lists of a release. Nothing is written before everything was read, checked
 * and signed.
 *
 * @throws CommandError, IcosError, AttestationError
 */
export async function attest(options: AttestOptions): Promise<void> {
  const release = await readJson(options.release, Release, 'a release file');
  const { digests, repeated } = parseSums(await readText(options.sums));
  const outputs = outputsOf(release, digests);
  const environment = await environmentOf(options.environment);
  const signer = await readKey(options.key, options.passphraseFile ?? null);
  const joined = await roundOf(options.round, release, signer);
  const builder = joined?.builder ?? signer.id;
  const now = new Date().toISOString();
  const envelope = signStatement(
    resultStatement({
      kind: 'built',
      ...{ round: joined?.round ?? null, environment, outputs, builder },
      release: refOf(release),
      salt: toBase64(randomBytes(32)),
      agentVersion: `repro-quorum attest ${VERSION}`,
      agentDigest: toolDigest(),
      // When the build ran is not known here; the signing is.
      startedAt: now,
      finishedAt: now,
      published: [],
      inputs: {},
      logSha256: null,
    }),
    signer,
  );
  readBack(envelope, signer);
  const { sums, key, out } = options;
  const optional = [options.environment, options.round, options.passphraseFile].filter(
    (path) => path !== undefined,
  );
  writeWhole(out, `${JSON.stringify(envelope)}\n`, [options.release, sums, key, ...optional]);
  if (options.json === true) printJson({ builder, artifacts: outputs, envelope });
  else printData(armor(envelope));
  for (const name of repeated) say(`${name} is listed twice, with one digest`);
  for (const { name, path } of release.artifacts) {
    if (outputs.some((output) => output.name === name)) continue;
    say(`SHA256SUMS has no line for ${path}: ${name} is not attested`);
  }
  const count = `${outputs.length} ${outputs.length === 1 ? 'artifact' : 'artifacts'}`;
  say(`signed ${count} of ${release.name} as builder ${builder}`);
}

async function roundOf(
  path: string | undefined,
  release: Release,
  signer: Signer,
): Promise<JoinedRound | null> {
  if (path === undefined) return null;
  return joinRound(path, await readJson(path, RoundFile, 'a round file'), release, signer);
}

async function environmentOf(path: string | undefined): Promise<Environment> {
  if (path === undefined) return { source: 'declared', facts: {}, withheld: [] };
  return declaredEnvironment(path, await readJson(path, EnvironmentFile, 'a JSON object'));
}

/** What nobody could read must not be handed out as an attestation. */
function readBack(envelope: Envelope, signer: Signer): void {
  readResult(parseStatement(openEnvelope(envelope, signer.publicKey)));
}
