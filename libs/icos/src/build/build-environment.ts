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
 * its run-time folder, and how the network is reached.
 */
const PASSING: readonly string[] = [
  ...['USER', 'LOGNAME', 'LC_ALL', 'LOCPATH'],
  ...['XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS', 'CONTAINERS_CONF', 'CONTAINERS_STORAGE_CONF'],
  ...['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR'],
];

/** Names that hold secrets by custom, and names by which a program is made to run another. */
const FORBIDDEN =
  /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|API_?KEY|_KEY$|^KEY$|AUTH|COOKIE|^(?:LD_|BASH_ENV$|ENV$|GIT_|SSH_|CI_|BUILD_IC_)/i;

/**
 * Makes the environment of a build from a short list of names: the build is a stranger's script,
 * and an agent's environment holds keys and tokens. Everything else of `base` stays behind, and so
 * does a proxy that carries a password.
 *
 * @throws IcosError FORBIDDEN_VARIABLE when `extra` names a secret, or a variable that changes what
 * programs run or which way the build script takes (`CI_JOB_NAME` makes it skip its container)
 */
export function buildEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  choice: EnvironmentChoice,
): Readonly<Record<string, string>> {
  for (const name of Object.keys(choice.extra ?? {})) {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !FORBIDDEN.test(name)) continue;
    throw new IcosError(
      'FORBIDDEN_VARIABLE',
      `variable ${quote(name)} cannot be given to a build: secrets and loaders stay outside`,
    );
  }
  const passed: Record<string, string> = {};
  for (const name of PASSING) {
    const value = base[name];
    if (value !== undefined && !/:\/\/[^/]*@/.test(value)) passed[name] = value;
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
