import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { machineChecks } from '#libs/fingerprint';
import { defaultCacheDir } from '../../check/request.js';
import { endpointsOf } from '../../check/endpoints.js';
import { CommandError, EXIT } from '../../exit.js';

/** Options of `builder doctor`, as its definition names them. */
export interface DoctorOptions {
  readonly fix?: true;
  readonly yes?: true;
  readonly online?: true;
  readonly buildDir?: string;
  readonly cacheDir?: string;
  readonly tempDir?: string;
  readonly era?: string;
  readonly commitEra?: string;
  readonly eras?: string;
  readonly only?: string;
  readonly json?: true;
}

/** Folders of a build, absolute. */
export interface Folders {
  readonly build: string;
  readonly cache: string;
  readonly temp: string;
  readonly home: string;
}

/** What the doctor is asked, checked for sense. */
export interface DoctorRequest {
  readonly folders: Folders;
  /** Id of an era; null for the newest. */
  readonly era: string | null;
  readonly erasFile: string | null;
  /** Checks to make; null for all. */
  readonly only: readonly string[] | null;
  /** Hosts to compare the clock with; none unless asked for. */
  readonly clockUrls: readonly string[];
  /** `show` where nobody can be asked and nothing was agreed to. */
  readonly mend: 'ask' | 'apply' | 'no' | 'show';
  readonly json: boolean;
}

/**
 * Makes sense of the options. Folders are those of the agent where its variables are set, else
 * those of `check`.
 *
 * @throws CommandError usage
 */
export function requestOf(
  options: DoctorOptions,
  environment: Readonly<NodeJS.ProcessEnv>,
  isTerminal: boolean,
): DoctorRequest {
  const { fix, yes, era, commitEra, online, json } = options;
  if (yes === true && fix !== true) {
    throw new CommandError(EXIT.usage, '--yes agrees to what --fix would ask: give both');
  }
  if (era !== undefined && commitEra !== undefined && era !== commitEra) {
    throw new CommandError(EXIT.usage, '--era and --commit-era are one option: give one of them');
  }
  const { cdns, erasFile } = endpointsOf(environment);
  return {
    folders: foldersOf(options, environment),
    era: era ?? commitEra ?? null,
    erasFile: options.eras ?? erasFile,
    only: options.only === undefined ? null : checksOf(options.only),
    clockUrls: online === true ? Object.values(cdns) : [],
    mend: fix !== true ? 'no' : yes === true ? 'apply' : isTerminal ? 'ask' : 'show',
    json: json === true,
  };
}

function checksOf(list: string): readonly string[] {
  const known: readonly string[] = machineChecks.map(({ name }) => name);
  return list.split(',').map((text) => {
    const name = text.trim();
    if (known.includes(name)) return name;
    const names = known.join(', ');
    throw new CommandError(EXIT.usage, `${JSON.stringify(name)} is no check: there are ${names}`);
  });
}

function foldersOf(options: DoctorOptions, environment: Readonly<NodeJS.ProcessEnv>): Folders {
  const { BUILD_DIR, CACHE_DIR, BUILD_TMPDIR, BUILD_HOME } = environment;
  const cache = resolve(options.cacheDir ?? CACHE_DIR ?? defaultCacheDir(environment));
  return {
    build: resolve(options.buildDir ?? BUILD_DIR ?? join(cache, 'builds')),
    cache,
    temp: resolve(options.tempDir ?? BUILD_TMPDIR ?? tmpdir()),
    home: resolve(BUILD_HOME ?? homedir()),
  };
}
