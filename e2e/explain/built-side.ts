import { join } from 'node:path';
import type { ByteAsker, FactValue, TimeSpan } from '#libs/divergence';
import type { CommitId } from '#libs/encoding';
import { publicFacts, unknownBuild } from '#libs/fingerprint';
import { maskBytes, maskMargin } from '../../services/builder-agent/src/explain/mask-bytes.js';
import { privateValuesOf } from '../../services/builder-agent/src/explain/private-value.js';
import type { PrivateValue } from '../../services/builder-agent/src/explain/private-value.js';
import type { ArtifactReader } from '#libs/image';
import type { Built } from '../world/build-release.js';
import type { Trial } from '../world/trial.js';
import { measure } from './measure.js';
import type { Surroundings } from './releases.js';

/** One builder's build, and what it would tell of its machine and hide of its bytes. */
export interface BuiltSide {
  readonly built: Built;
  /** Salted for the round, as they are published. */
  readonly facts: Readonly<Record<string, FactValue>>;
  readonly privateValues: readonly PrivateValue[];
  readonly span: TimeSpan;
}

/** Both builders answer in one round. */
const SALT = Buffer.alloc(32, 5);

/** Builds a release in surroundings, and measures these as the builder's agent does. */
export async function buildSide(
  trial: Trial,
  commit: CommitId,
  surroundings: Surroundings,
): Promise<BuiltSide> {
  const from = Math.floor(Date.now() / 1000);
  const built = await trial.build(commit, surroundings);
  const to = Math.ceil(Date.now() / 1000);
  const { environment, worktree } = built;
  const machine = await measure(environment, worktree);
  const told = publicFacts({ ...machine, ...unknownBuild }, { salt: SALT, withheld: [] });
  const text = (name: 'machine.hostname' | 'user.name') => String(machine[name] ?? '');
  const privateValues = privateValuesOf({
    hostnames: [text('machine.hostname')],
    users: [text('user.name')],
    homes: [environment.home],
    buildPaths: [worktree, environment.tempDir],
  });
  return { built, facts: told.facts, privateValues, span: { from, to } };
}

/** Answers for an artifact's bytes as the agent does: what is private is masked. */
export function askerOf(reader: ArtifactReader, values: readonly PrivateValue[]): ByteAsker {
  return {
    chunks: (...asked) => reader.chunkDigests(...asked),
    bytes: async (location, offset, length) => {
      const from = Math.max(0, offset - maskMargin(values));
      const around = await reader.bytes(
        location,
        from,
        offset - from + length + maskMargin(values),
      );
      const end = Math.min(offset - from + length, around.length);
      return maskBytes(around, values, Math.min(offset - from, end), end);
    },
  };
}

/** Where a build left an artifact. */
export function pathIn({ built }: BuiltSide, artifact: string): string {
  return join(built.worktree, artifact);
}
