import { join } from 'node:path';
import { projectRoot } from '../project-root.js';
import type { BuilderEnvironment } from './builder-environment.js';
import { isBuiltIn, localeFolder } from './locale.js';

/** A command as `execa` and `spawn` take it. */
export interface EnteredCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** To be added to the variables that the command needs anyway, PATH among them. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Gives the command that runs `command` inside an environment which was prepared before. The
 * process that is started becomes the command itself: its pid and signals are the command's.
 *
 * Hostname and temp filesystem need a namespace of their own; without root it is one in which the
 * user is mapped to root, so the command sees itself as uid 0 there.
 *
 * Source: unshare(1), namespaces(7)
 */
export function enter(
  environment: BuilderEnvironment,
  command: readonly string[],
  isRoot: boolean = process.getuid?.() === 0,
): EnteredCommand {
  const script = join(projectRoot(), 'e2e/world/builder-environment/enter.sh');
  const inside = ['bash', script, ...steps(environment), '--', ...command];
  const namespaces = [
    ...(environment.tempFilesystem ? ['--mount'] : []),
    ...(environment.hostname === undefined ? [] : ['--uts']),
  ];
  const [file = 'bash', ...args] =
    namespaces.length === 0
      ? inside
      : ['unshare', ...namespaces, ...(isRoot ? [] : ['--map-root-user']), '--', ...inside];
  return { file, args, env: variables(environment) };
}

function steps(environment: BuilderEnvironment): string[] {
  const { hostname, tempDir, tempFilesystem, umask, fileSizeLimitBytes } = environment;
  const { openFilesLimit, processors, isOldKernel, user } = environment;
  const mount =
    tempFilesystem === undefined
      ? []
      : tempFilesystem.type === 'tmpfs'
        ? ['--tmpfs', `${tempFilesystem.sizeBytes}`, tempDir]
        : [
            ...['--ext4', `${tempFilesystem.sizeBytes}`],
            ...[`${tempFilesystem.blockSizeBytes}`, tempDir],
          ];
  return [
    ...(hostname === undefined ? [] : ['--hostname', hostname]),
    ...mount,
    ...(umask === undefined ? [] : ['--umask', umask.toString(8).padStart(4, '0')]),
    // Last: the image of a temp filesystem may be larger than any file of the build.
    ...(fileSizeLimitBytes === undefined ? [] : ['--file-size-limit', `${fileSizeLimitBytes}`]),
    ...(openFilesLimit === undefined ? [] : ['--open-files-limit', `${openFilesLimit}`]),
    ...(processors === undefined ? [] : ['--processors', `${processors}`]),
    ...(isOldKernel === true ? ['--old-kernel'] : []),
    ...(user === undefined ? [] : ['--user', user]),
  ];
}

function variables(environment: BuilderEnvironment): Record<string, string> {
  const locale = environment.locale ?? 'C.UTF-8';
  return {
    HOME: environment.home,
    TMPDIR: environment.tempDir,
    LC_ALL: locale,
    LANG: locale,
    TZ: environment.timezone ?? 'UTC',
    ...(!isBuiltIn(locale) && { LOCPATH: localeFolder(environment.home) }),
  };
}
