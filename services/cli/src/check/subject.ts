import { execa } from 'execa';
import { isCommitId, type CommitId } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';
import type { ReadProposal } from './proposal.js';
import type { CheckRequest } from './request.js';

/**
 * Says which commit is checked: the one that the proposal elects, the one that was named, or else
 * the HEAD of the repository in this folder.
 *
 * @throws CommandError usage when two of them are given and disagree: neither goes before the other
 */
export async function commitOf(
  { commit }: CheckRequest,
  proposal: ReadProposal | null,
): Promise<CommitId> {
  if (proposal === null) return commit ?? headOfThisFolder();
  const elected = proposal.decision.commit;
  if (commit === null || commit === elected) return elected;
  throw new CommandError(
    EXIT.usage,
    `proposal ${proposal.told.id} elects ${elected}, and --commit says ${commit}`,
    'leave one of them out',
  );
}

async function headOfThisFolder(): Promise<CommitId> {
  const { stdout, failed } = await execa('git', ['rev-parse', '--verify', 'HEAD^{commit}'], {
    reject: false,
    env: { GIT_TERMINAL_PROMPT: '0' },
  });
  if (!failed && isCommitId(stdout)) return stdout;
  throw new CommandError(
    EXIT.usage,
    'neither a proposal nor a commit is given, and this folder is no git repository',
    'repro-quorum check -p PROPOSAL, or -c COMMIT',
  );
}
