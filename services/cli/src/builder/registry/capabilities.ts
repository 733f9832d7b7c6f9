import { Capabilities, type ExclusiveHours } from '#libs/contracts';
import {
  assessMachine,
  cleanFactText,
  readExtras,
  readMachine,
  readUmask,
  type FactValue,
} from '#libs/fingerprint';
import { buildEnvironment, ERAS, findBuildUser, loadEras, type Era } from '#libs/icos';
import { VERSION } from '../../version.js';
import { needsOf } from '../doctor/needs.js';
import { requestOf } from '../doctor/request.js';

/** What of a builder no machine can tell. */
export interface DeclaredCapabilities {
  readonly slots: number;
  readonly exclusiveHours: ExclusiveHours | null;
}

/** What runs builds where nothing else is named: as the agent has it. */
const BUILD_USER = 'repro-quorum-build';

/**
 * Measures this machine as builds would find it, in the agent's folders where the environment names
 * them. What cannot be read is told as nothing: zero bytes, no engine.
 */
export async function measureCapabilities(
  declared: DeclaredCapabilities,
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<Capabilities> {
  const { folders, erasFile } = requestOf({}, environment, false);
  const eras = erasFile === null ? ERAS : await loadEras(erasFile);
  const request = {
    ...{ buildDir: folders.build, cacheDir: folders.cache, tempDir: folders.temp },
    home: folders.home,
    env: buildEnvironment(environment, { home: folders.home, tmpDir: folders.temp }),
    umask: await readUmask(),
    ...{ shell: environment, clockUrls: [] },
  };
  const [facts, extras] = await Promise.all([readMachine(request), readExtras(request)]);
  const engines = { podman: extras['engine.podman'], docker: extras['engine.docker'] };
  const canBuild = (era: Era): boolean =>
    assessMachine({ ...facts, ...extras }, needsOf(era)).every(({ level }) => level !== 'error');
  return Capabilities.parse({
    ramBytes: numberOr(facts['memory.ram'], 0),
    diskBytes: numberOr(facts['disk.build.free'], 0),
    cpus: numberOr(facts['cpu.count'], 1),
    eras: eras.filter(canBuild).map(({ id }) => id),
    virtualisation: textOr(facts['machine.virtualisation'], null),
    isWsl: isSaid(facts['os.wsl']),
    engine: Object.entries(engines).find(([, version]) => isSaid(version))?.[0] ?? null,
    ...declared,
    agentVersion: VERSION,
    isolation: await isolationOf(environment),
    hostOs: hostOsOf(facts['os.id'], facts['os.version']),
  });
}

function numberOr(value: FactValue, fallback: number): number {
  return typeof value === 'number' ? Math.max(fallback, Math.floor(value)) : fallback;
}

function textOr<T>(value: FactValue, fallback: T): string | T {
  return typeof value === 'string' ? value : fallback;
}

function isSaid(value: FactValue): boolean {
  return typeof value === 'string' && value !== 'none';
}

function hostOsOf(id: FactValue, version: FactValue): string {
  const words = [textOr(id, 'unknown'), textOr(version, '')].filter((word) => word !== '');
  return cleanFactText(words.join(' ')).slice(0, 80);
}

/** Only root can hand a build to somebody else. What the agent then does, each result tells. */
async function isolationOf(environment: Readonly<NodeJS.ProcessEnv>): Promise<string> {
  if (process.getuid?.() !== 0) return 'none';
  const [wanted = BUILD_USER] = (environment['BUILD_USER'] ?? BUILD_USER).split(',');
  const user = wanted === 'none' ? null : await findBuildUser(wanted).catch(() => null);
  return user === null ? 'none' : 'user';
}
