import { quote } from '#libs/encoding';
import { IcosError } from '../error.js';
import { SYSTEM_PATH } from './system-path.js';

/** What a build's environment is made of. */
export interface EnvironmentChoice {
  /** Home directory; a build that attests gets one without caches. */
  readonly home: string;
  readonly tmpDir: string;
  /** Search path; default the system's folders. */
  readonly path?: string;
  /** `LANG`; default `C.UTF-8`. */
  readonly lang?: string;
  /** `TZ`; not set by default, so that the machine's own holds. */
  readonly timezone?: string;
  /** More variables that the operator wants the build to see. */
  readonly extra?: Readonly<Record<string, string>>;
}

/**
 * Names that pass from the caller's environment: who runs the build, where rootless podman finds
 * its run-time folder and its images, and how the network is reached. Not `CONTAINERS_CONF`: it
 * adds mounts and variables to every container, and nothing would record that.
 */
const PASSING: readonly string[] = [
  ...['USER', 'LOGNAME', 'LC_ALL', 'LOCPATH'],
  ...['XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS', 'CONTAINERS_STORAGE_CONF'],
  ...['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR'],
];

/** Names that hold secrets by custom. */
const SECRETS =
  /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|API_?KEY|_KEY$|^KEY$|AUTH|COOKIE/i;

/** Names by which a loader, a shell, git or an interpreter is made to run something else. */
const LOADERS =
  /^(?:LD_|GIT_|SSH_|BASH|PYTHON|PERL|RUBY|JAVA_TOOL_OPTIONS$|NODE_|RUSTC|CARGO|SUDO_)|^(?:ENV|SHELLOPTS|PS4|CDPATH|SHELL_WRAPPER)$/i;

/**
 * Names that the release's scripts, its engine and its Bazel read, and that lead them another way:
 * past the container, to another version, image, cache or daemon. `DEBUG` was run as a command.
 *
 * Source: dfinity/ic ci/container/build-ic.sh and container-run.sh, gitlab-ci/docker/docker-run-include;
 * https://bazel.build/run/bazelrc
 */
const LEADS =
  /^(?:CI_|ACTIONS_|GITHUB_|GITLAB_|RUNNER_|BUILD_|DFINITY_|IC_|IMAGE_|ZIG_|HERMETIC_)|^(?:DOCKER|PODMAN|CONTAINERS?|BUILDAH|BUILDKIT|BAZEL|BAZELISK|REGISTRY)(?:_|$)|^(?:CI|DEBUG|VERSION|IMAGE|USHELL|CACHE_DIR|IN_NIX_SHELL|HOSTUSER|HOSTHOSTNAME|ROOT_DIR|REPO_ROOT|BAZELRC|USE_BAZEL_VERSION|TEST_TMPDIR|XDG_(?!RUNTIME_DIR$).*)$/i;

const FORBIDDEN = [SECRETS, LOADERS, LEADS];

/**
 * Makes the environment of a build from a short list of names: the build is a stranger's script,
 * and an agent's environment holds keys and tokens. Everything else of `base` stays behind, and so
 * does a proxy that carries a password.
 *
 * @throws IcosError FORBIDDEN_VARIABLE when `extra` names a secret, or a variable that changes what
 * programs run or which way the build script takes (`CI_JOB_NAME` makes it skip its container,
 * `VERSION` changes what is stamped into the images)
 */
export function buildEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  choice: EnvironmentChoice,
): Readonly<Record<string, string>> {
  for (const name of Object.keys(choice.extra ?? {})) {
    const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
    if (isName && !FORBIDDEN.some((names) => names.test(name))) continue;
    throw new IcosError(
      'FORBIDDEN_VARIABLE',
      `variable ${quote(name)} cannot be given to a build: secrets, loaders and what leads the build script another way stay outside`,
    );
  }
  const passed: Record<string, string> = {};
  for (const name of PASSING) {
    const value = base[name];
    if (value === undefined || /:\/\/[^/]*@/.test(value)) continue;
    // Without a scheme it is a proxy all the same, and before the sign stands whose it is.
    if (/_proxy$/i.test(name) && value.includes('@')) continue;
    passed[name] = value;
  }
  return {
    ...passed,
    LANG: choice.lang ?? 'C.UTF-8',
    ...(choice.timezone !== undefined && { TZ: choice.timezone }),
    ...choice.extra,
    PATH: choice.path ?? SYSTEM_PATH,
    HOME: choice.home,
    TMPDIR: choice.tmpDir,
  };
}
