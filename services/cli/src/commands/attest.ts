import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  armor,
  refOf,
  Release,
  resultStatement,
  signerFromPem,
  signStatement,
  type Environment,
  type Signer,
} from '#libs/attestation';
import { EnvironmentFile, RoundFile } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { parseSums } from '#libs/icos';
import { declaredEnvironment } from '../attest/environment.js';
import { outputsOf } from '../attest/outputs.js';
import { joinRound } from '../attest/round.js';
import { readJson, readText } from '../read-file.js';
import { printData, printJson, say } from '../terminal.js';
import { VERSION } from '../version.js';
import type { GlobalOptions } from './context.js';

interface AttestOptions {
  readonly release: string;
  readonly sums: string;
  readonly environment?: string;
  readonly round?: string;
  readonly key: string;
  readonly out: string;
}

/** `attest`: signs the result of a build that was made by hand. */
export function addAttest(program: Command): void {
  program
    .command('attest')
    .description('sign the result of a build made by hand')
    .requiredOption('--release <file>', 'what was rebuilt: a release file')
    .requiredOption('--sums <file>', 'SHA256SUMS of what came out')
    .option('--environment <file>', 'any JSON object that describes the machine')
    .option('--round <file>', 'round file: the result answers this round')
    .requiredOption('--key <file>', 'PEM private key, Ed25519')
    .requiredOption('--out <file>', 'where the signed envelope goes')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<AttestOptions & GlobalOptions>();
      const release = await readJson(options.release, Release, 'a release file');
      const { digests, repeated } = parseSums(await readText(options.sums));
      for (const name of repeated) say(`${name} is listed twice, with one digest`);
      const signer = signerFromPem(await readText(options.key));
      const outputs = outputsOf(release, digests);
      const envelope = signStatement(
        resultStatement({
          kind: 'built',
          round: await roundOf(options.round, release, signer),
          builder: signer.id,
          release: refOf(release),
          salt: toBase64(randomBytes(32)),
          agentVersion: `repro-quorum attest ${VERSION}`,
          // When the build ran is not known here; the signing is.
          startedAt: new Date().toISOString(),
          finishedAt: new Date().toISOString(),
          environment: await environmentOf(options.environment),
          outputs,
          published: [],
          inputs: {},
          logSha256: null,
        }),
        signer,
      );
      await writeFile(options.out, `${JSON.stringify(envelope)}\n`);
      if (options.json === true) printJson({ builder: signer.id, artifacts: outputs, envelope });
      else printData(armor(envelope));
      say(`signed ${outputs.length} artifacts of ${release.name} as builder ${signer.id}`);
    });
}

async function roundOf(
  path: string | undefined,
  release: Release,
  signer: Signer,
): Promise<string | null> {
  if (path === undefined) return null;
  return joinRound(await readJson(path, RoundFile, 'a round file'), release, signer);
}

async function environmentOf(path: string | undefined): Promise<Environment> {
  if (path === undefined) return { source: 'declared', facts: {}, withheld: [] };
  return declaredEnvironment(await readJson(path, EnvironmentFile, 'a JSON object'));
}
