import type { Envelope } from '#libs/attestation';
import type { CheckReport } from '#libs/contracts';
import { EXIT, type ExitCode } from '../exit.js';
import { toolDigest } from '../tool-digest.js';
import { VERSION } from '../version.js';
import type { CheckFindings, CheckRun } from './run-check.js';

/** Puts what a run found into the one report that text and JSON are views of. */
export function reportOf(
  run: CheckRun,
  findings: CheckFindings,
  times: { readonly startedAt: Date; readonly finishedAt: Date },
  attestation: Envelope | null,
): CheckReport {
  const { end, judged, provenance, facts } = findings;
  const outcome = outcomeOf(run, findings);
  return {
    kind: 'check',
    tool: { version: VERSION, sha256: toolDigest() },
    outcome,
    exitCode: exitCodeOf(outcome, findings),
    commit: run.commit,
    era: end.era?.id ?? null,
    proposal: run.proposal?.told ?? null,
    sources: run.request.sources.map((source) => run.endpoints.cdns[source]),
    artifacts: [...judged.artifacts],
    comparisons: judged.checks.map(({ sides, ...check }) => ({ ...check, sides: [...sides] })),
    provenance,
    machine: findings.machine.map(({ check, level, found, expected }) => ({
      ...{ check, level, found, expected },
    })),
    build: {
      state: end.outputs === null ? 'failed' : 'built',
      stage: end.failure?.stage ?? null,
      class: end.failure?.class ?? null,
      message: end.failure?.message.slice(0, 4000) ?? null,
      log: end.logSha256 !== null && run.request.keep ? run.workspace.logPath : null,
    },
    facts: { ...facts },
    startedAt: times.startedAt.toISOString(),
    durationMs: times.finishedAt.getTime() - times.startedAt.getTime(),
    attestation,
  };
}

/** Bad evidence goes before everything, and a build alone is as good as it went. */
function outcomeOf(
  { request }: CheckRun,
  { end, judged, provenance }: CheckFindings,
): CheckReport['outcome'] {
  if (provenance.some(({ state }) => state === 'refused')) return 'bad-evidence';
  if (request.mode === 'build-only') return end.outputs === null ? 'undecided' : 'built';
  return judged.outcome;
}

function exitCodeOf(outcome: CheckReport['outcome'], { end }: CheckFindings): ExitCode {
  switch (outcome) {
    case 'reproduced':
    case 'built':
      return EXIT.ok;
    case 'not-reproduced':
      return EXIT.notReproduced;
    case 'bad-evidence':
      return EXIT.badEvidence;
    case 'undecided':
      // A machine that cannot build this commit is no word about the commit.
      return end.failure?.stage === 'preflight' ? EXIT.usage : EXIT.undecided;
  }
}
