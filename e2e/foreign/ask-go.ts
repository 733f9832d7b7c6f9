import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from '../world/project-root.js';

/** A leaf that Go shall find in the tree of a checkpoint. Bytes are base64. */
export interface GoRecord {
  readonly note: string;
  readonly index: number;
  readonly leaf: string;
  readonly proof: readonly string[];
}

/** Two checkpoints of which Go shall find that one grew to the other. */
export interface GoTree {
  readonly old: string;
  readonly new: string;
  readonly proof: readonly string[];
}

/** Has Debian's golang.org/x/mod check them; gives an answer for each, records first. */
export async function askGo(
  vkey: string,
  records: readonly GoRecord[],
  trees: readonly GoTree[],
): Promise<readonly string[]> {
  const { stdout } = await execa('go', ['run', join(projectRoot(), 'e2e/foreign/go/main.go')], {
    input: JSON.stringify({ vkey, records, trees }),
    // The packages lie where Debian puts them: nothing is fetched.
    env: { GOPATH: '/usr/share/gocode', GO111MODULE: 'off', GOFLAGS: '', GOPROXY: 'off' },
  });
  return stdout.split('\n');
}
