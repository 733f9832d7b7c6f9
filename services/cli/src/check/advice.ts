import type { CheckReport } from '#libs/contracts';
import { titleOf } from './components.js';

/** What to try after a failure, by its class. */
const BY_CLASS: Readonly<Record<string, string>> = {
  'out-of-space':
    'Free disk space where the build and its temp folder are, or choose others with --cache-dir and --temp-dir.',
  'out-of-memory': 'Give the machine more memory or swap, or limit the compilers with --jobs.',
  'missing-tool':
    '`repro-quorum builder doctor` names the missing tool and the command that installs it.',
  permission: '`repro-quorum builder doctor` tells which folder or right is missing.',
  network: 'Look at the network and start again: what was downloaded is kept.',
  'source-unavailable':
    'The commit may be a hotfix whose source is published later: try again after it is.',
  'unsupported-commit':
    'A newer version of repro-quorum, or a table of eras (REPRO_QUORUM_ERAS), may know this commit.',
  'output-truncated':
    'An image ended early, mostly for want of space: look at the log, and start again.',
  timeout: 'The build stood still for too long: look at its log with --keep.',
  'image-pull': 'The container image could not be had: look at the network and at podman.',
};

/** Says what differed and what to try next, in sentences; nothing when all is well. */
export function adviceFor(report: CheckReport): readonly string[] {
  const { artifacts, build, facts, outcome, commit, proposal } = report;
  const advice: string[] = [];
  const elected = proposal?.elects?.artifact;
  const isMissed = elected !== undefined && artifacts.every(({ name }) => name !== elected);
  if (outcome === 'reproduced' && isMissed) {
    advice.push(
      `${titleOf(elected)}, which the proposal elects, was not verified: leave out the options that name components, or add its own.`,
    );
  }
  if (build.state === 'failed' && build.class !== null) {
    advice.push(BY_CLASS[build.class] ?? 'Look at the log, and start again with --keep.');
  }
  const mismatched = artifacts.filter(({ verdict }) => verdict === 'mismatch');
  if (mismatched.length > 0) {
    const names = mismatched.map(({ name }) => titleOf(name)).join(', ');
    advice.push(
      `What this machine built differs: ${names}. Build once more, unchanged (repro-quorum check -c ${commit} --keep): if it differs from itself, suspect the build before the machine.`,
    );
    if (facts['build.cache'] !== 'cold') {
      advice.push('The build used caches of earlier builds. Build cold, without --warm.');
    }
    if (facts['container.ran'] === false) {
      advice.push(
        "The build was not seen in the commit's container: the machine's own tools were used.",
      );
    }
    advice.push(
      '`repro-quorum builder doctor` shows what of this machine is known to change hashes.',
    );
  }
  if (artifacts.some(({ verdict }) => verdict === 'inconsistent')) {
    advice.push(
      'What is published contradicts itself or the proposal. Check again with --download-source both, and tell DFINITY and the forum before voting.',
    );
  }
  if (outcome === 'undecided' && build.state !== 'failed') {
    advice.push(
      'Something could not be read: look at the network, and start again. Downloads are resumed.',
    );
  }
  return advice;
}
