import { asCommitId, type CommitId } from '#libs/encoding';
import { git } from '../world/git.js';
import { fastImportStream } from '../world/ic-mini/fast-import.js';

/** A repository whose commits are made of one build script each. */
export interface Repository {
  /** Commits a tree that holds this text as the release's build script. */
  commit(script: string): Promise<CommitId>;
}

/** By this comment a script is of the newest era; nothing else about it has to be. */
const ERA_MARK = '# artifacts: update-img-recovery';

/** The head of a build script of the newest era. */
export const SCRIPT_HEAD = `#!/bin/bash\n${ERA_MARK}\nset -u\n`;

/** Makes a bare repository. */
export async function createRepository(dir: string): Promise<Repository> {
  await git(['init', '--quiet', '--bare', '--initial-branch=master', dir]);
  let commits = 0;
  return {
    commit: async (script) => {
      commits += 1;
      const path = 'ci/container/build-ic.sh';
      const content = Buffer.from(script);
      const stream = fastImportStream([
        {
          branch: `rc--${commits}`,
          message: `release ${commits}`,
          timeSeconds: Date.UTC(2026, 8, 10) / 1000 + commits,
          files: [{ path, executable: true, content }],
        },
      ]);
      return asCommitId(await git([`--git-dir=${dir}`, 'fast-import', '--quiet'], stream));
    },
  };
}
