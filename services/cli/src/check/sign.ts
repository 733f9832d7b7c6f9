import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import {
  resultStatement,
  signStatement,
  type Envelope,
  type Environment,
  type ResultHead,
  type Signer,
} from '#libs/attestation';
import { sha256, toBase64, type CommitId } from '#libs/encoding';
import {
  describePublicFacts,
  publicFacts,
  unknownBuild,
  withBuildFacts,
  type BuildFacts,
  type MachineFacts,
} from '#libs/fingerprint';
import { factsOfRebuild, inputsOfRebuild, type Published, type RebuildEnd } from '#libs/icos';
import { CommandError, EXIT } from '../exit.js';
import { say } from '../terminal.js';
import { toolDigest } from '../tool-digest.js';
import { VERSION } from '../version.js';

/** What is signed of one run. */
export interface SignedRun {
  readonly commit: CommitId;
  readonly machine: MachineFacts;
  readonly end: RebuildEnd;
  readonly published: Published;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/**
 * Shows what a signed result makes public for ever, and asks. A text in a forum is not taken back.
 *
 * @throws CommandError usage without consent
 */
export async function askConsent(
  machine: MachineFacts,
  commit: CommitId,
  isAgreed: boolean,
): Promise<void> {
  if (isAgreed) return;
  const facts = publicFacts(
    { ...machine, ...unknownBuild },
    { salt: saltOf(commit), withheld: [] },
  );
  say(
    [
      'the signed result makes these facts about this machine public, for ever:',
      ...describePublicFacts(facts),
    ].join('\n'),
  );
  if (process.stdin.isTTY && process.stderr.isTTY) {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await lines.question('repro-quorum: publish them? [y/N] ').finally(() => {
      lines.close();
    });
    if (/^y(?:es)?$/i.test(answer.trim())) return;
  }
  throw new CommandError(
    EXIT.usage,
    'nothing was signed or built: there is no consent',
    'add --consent to agree',
  );
}

/** Signs what a run came to, a failure as well. */
export function signRun(run: SignedRun, signer: Signer): Envelope {
  const { commit, end, published, startedAt, finishedAt } = run;
  const head: ResultHead = {
    round: null,
    builder: signer.id,
    release: { name: `ic/${commit}`, digest: { gitCommit: commit } },
    salt: toBase64(randomBytes(32)),
    agentVersion: `repro-quorum check ${VERSION}`,
    agentDigest: toolDigest(),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    environment: environmentOf(run),
  };
  const { outputs, failure, logSha256, intermediates } = end;
  if (outputs === null) {
    return signStatement(
      resultStatement({
        ...head,
        kind: 'failed',
        stage: failure?.stage ?? 'build',
        class: failure?.class ?? 'build-error',
        // The failure's own words may tell paths and names of this machine.
        message: `${failure?.stage ?? 'build'} failed: ${failure?.class ?? 'build-error'}`,
        logSha256,
      }),
      signer,
    );
  }
  return signStatement(
    resultStatement({
      ...head,
      kind: 'built',
      outputs: outputs.outputs.map((output) => ({
        name: output.artifact,
        path: output.releasePath,
        sha256: output.sha256,
        sizeBytes: output.sizeBytes,
      })),
      published: published.observations.map(({ role, error, ...reading }) => ({
        ...reading,
        source: role,
        error: error === null ? null : { code: error.code, message: error.code },
      })),
      inputs: inputsOfRebuild(commit, end),
      intermediates: intermediates.map((one) => ({ ...one, artifacts: [...one.artifacts] })),
      logSha256,
    }),
    signer,
  );
}

function environmentOf({ commit, machine, end }: SignedRun): Environment {
  const build = { ...factsOfRebuild(end), 'agent.version': VERSION } as Partial<BuildFacts>;
  const told = publicFacts(withBuildFacts(machine, build), { salt: saltOf(commit), withheld: [] });
  return { source: 'measured', facts: { ...told.facts }, withheld: [...told.withheld] };
}

/** The same for all that check one commit outside of rounds, so that they can be compared. */
function saltOf(commit: CommitId): Uint8Array {
  return Buffer.from(sha256(`repro-quorum/check/v1/${commit}`), 'hex');
}
