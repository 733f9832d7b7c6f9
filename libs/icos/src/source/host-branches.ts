import type { CommitId } from '#libs/encoding';
import { IcosError } from '../error.js';
import { git, type GitOptions } from './git.js';
import type { SourceOrigin } from './source-cache.js';

/** What a host says of its branches. */
export interface HostBranches {
  /** Names of branches whose tip is the commit; see {@link Source.branchTips}. */
  readonly tips: readonly string[];
  /** Name of the branch that a clone would check out; null when the host does not say. */
  readonly main: string | null;
}

const NOTHING: HostBranches = { tips: [], main: null };
const MAX_TIPS = 16;
const NAME = /^[!-~]{1,200}$/;
const PATIENCE_MS = 10_000;

/**
 * Asks a host for its branches. A host that does not answer soon has said nothing; no source fails
 * for that.
 *
 * @throws IcosError INTERRUPTED
 */
export async function askBranches(
  { gitUrl, protocol, commit }: SourceOrigin,
  options: GitOptions,
): Promise<HostBranches> {
  const args = ['ls-remote', '--symref', '--end-of-options', gitUrl, 'HEAD', 'refs/heads/*'];
  try {
    const text = await git(args, {
      ...options,
      protocols: [protocol],
      totalTimeoutMs: PATIENCE_MS,
    });
    return readBranches(text, commit);
  } catch (error) {
    if (error instanceof IcosError && error.code === 'INTERRUPTED') throw error;
    return NOTHING;
  }
}

/** Reads what `git ls-remote --symref` prints; lines of another form say nothing. */
export function readBranches(text: string, commit: CommitId): HostBranches {
  const tips: string[] = [];
  let main: string | null = null;
  for (const line of text.split('\n')) {
    const [id = '', name = ''] = line.split('\t');
    const branch = plainName(id === commit ? name : '');
    if (branch !== null) tips.push(branch);
    if (name === 'HEAD' && id.startsWith('ref: ')) main = plainName(id.slice('ref: '.length));
  }
  return { tips: tips.toSorted().slice(0, MAX_TIPS), main };
}

function plainName(ref: string): string | null {
  const [, name = ''] = /^refs\/heads\/(.*)$/.exec(ref) ?? [];
  return NAME.test(name) ? name : null;
}
