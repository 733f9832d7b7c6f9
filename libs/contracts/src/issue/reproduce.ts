import type { Release } from '#libs/attestation';
import { settingOf } from './fact-setting.js';
import { factOf, type IssueSide } from './issue-side.js';

const COMMIT = /^[0-9a-f]{40}$/;
const REPOSITORY = /^https:\/\/[a-z0-9.-]+(\/[A-Za-z0-9._-]+){1,4}$/;
/** A script of the commit with plain options, as every era's build command is. */
const COMMAND =
  /^\.\/[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*( --?[A-Za-z0-9][A-Za-z0-9=,.-]*)*$/;
const IC_REPOSITORY = 'https://github.com/dfinity/ic';
/** Facts that are set by nothing, however they differ: most of a list would be remarks on them. */
const SET_BY_COMMAND = /^(locale\.|time\.zone$|user\.umask$|cpu\.count$|temp\.block-size$)/;

/** What one side is to be reproduced from. */
export interface Reproduction {
  readonly release: Release;
  readonly side: IssueSide;
  /** Facts that differ, the suspected ones first. */
  readonly differing: readonly string[];
  /** Facts that are told even where no command sets them. */
  readonly suspected: ReadonlySet<string>;
}

/**
 * Writes the commands that build the release as one side did. Repository and build command are as the
 * round and the builder signed them, and are left out where they are of no form that is safe to paste.
 */
export function reproduceLines({
  release,
  side,
  differing,
  suspected,
}: Reproduction): readonly string[] {
  const commit = release.source.digest['gitCommit'] ?? '';
  const uri = release.source.uri ?? (release.name.startsWith('ic/') ? IC_REPOSITORY : '');
  const command = String(factOf(side, 'build.command'));
  return [
    ...(REPOSITORY.test(uri) ? [`git clone ${uri} source && cd source`] : []),
    ...(COMMIT.test(commit) ? [`git checkout ${commit}`] : []),
    ...differing
      .filter((name) => SET_BY_COMMAND.test(name) || suspected.has(name))
      .flatMap((name) => settingOf(name, factOf(side, name))),
    COMMAND.test(command) ? command : '# then the build script of that commit',
  ];
}
