import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isCommitId, type CommitId } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';
import { wholeNumber } from '../whole-number.js';
import { COMPONENTS, type Component } from './components.js';

/** Options of `check`, as its definition names them. */
export interface CheckOptions extends Partial<Readonly<Record<Component, true>>> {
  readonly proposalId?: string;
  readonly commit?: string;
  readonly cacheDir?: string;
  readonly tempDir?: string;
  readonly clean?: true;
  readonly downloadSource: string;
  readonly debug?: true;
  readonly dryRun?: true;
  readonly buildOnly?: true;
  readonly keep?: true;
  readonly warm?: true;
  readonly jobs?: string;
  readonly evidence?: string;
  readonly provenance?: string;
  readonly trustedRoot?: string;
  readonly attest?: string;
  readonly key?: string;
  readonly passphraseFile?: string;
  readonly consent?: true;
  readonly json?: true;
}

export type DownloadSource = 'systems' | 'network';

/** What is asked for, checked for sense before anything is begun. */
export interface CheckRequest {
  readonly proposalId: bigint | null;
  readonly commit: CommitId | null;
  readonly components: readonly Component[];
  readonly sources: readonly DownloadSource[];
  readonly cacheDir: string;
  readonly tempDir: string;
  readonly clean: boolean;
  readonly debug: boolean;
  /** Keeps the build's folders. */
  readonly keep: boolean;
  readonly mode: 'verify' | 'dry-run' | 'build-only';
  readonly cache: 'cold' | 'warm';
  readonly maxCpus: number | null;
  readonly evidenceFile: string | null;
  readonly provenance: { readonly bundleFile: string; readonly trustedRootFile: string } | null;
  readonly attest: {
    readonly file: string;
    readonly keyFile: string;
    /** Null where none was named. */
    readonly passphraseFile: string | null;
    readonly consent: boolean;
  } | null;
  readonly json: boolean;
}

const SOURCES: Readonly<Record<string, readonly DownloadSource[]>> = {
  systems: ['systems'],
  network: ['network'],
  both: ['systems', 'network'],
};

/**
 * Makes sense of the options.
 *
 * @throws CommandError usage
 */
export function requestOf(
  options: CheckOptions,
  environment: Readonly<NodeJS.ProcessEnv>,
): CheckRequest {
  if (options.clean === true && options.cacheDir !== undefined) {
    throw refused(
      '--clean does not clear a folder that was named by hand',
      'clear it yourself, or leave --cache-dir out',
    );
  }
  if (options.dryRun === true && options.buildOnly === true) {
    throw refused('--dry-run builds nothing and --build-only does nothing else: give one of them');
  }
  return {
    proposalId: proposalIdOf(options.proposalId),
    commit: commitOf(options.commit),
    components: COMPONENTS.filter((component) => options[component] === true),
    sources: sourcesOf(options.downloadSource),
    cacheDir: resolve(options.cacheDir ?? defaultCacheDir(environment)),
    tempDir: resolve(options.tempDir ?? tmpdir()),
    clean: options.clean === true,
    debug: options.debug === true,
    keep: options.keep === true || options.debug === true,
    mode:
      options.dryRun === true ? 'dry-run' : options.buildOnly === true ? 'build-only' : 'verify',
    cache: options.warm === true ? 'warm' : 'cold',
    maxCpus: options.jobs === undefined ? null : wholeNumber(options.jobs, '--jobs', 1, 4096),
    evidenceFile: options.evidence ?? null,
    provenance: provenanceOf(options),
    attest: attestOf(options),
    json: options.json === true,
  };
}

/** Where downloads and sources are kept unless told otherwise. */
export function defaultCacheDir(environment: Readonly<NodeJS.ProcessEnv>): string {
  const { XDG_CACHE_HOME } = environment;
  return join(
    XDG_CACHE_HOME?.startsWith('/') === true ? XDG_CACHE_HOME : join(homedir(), '.cache'),
    'repro-quorum',
  );
}

function proposalIdOf(text: string | undefined): bigint | null {
  if (text === undefined) return null;
  if (/^\d{1,19}$/.test(text)) return BigInt(text);
  throw refused(`--proposal-id takes a number, not ${JSON.stringify(text)}`);
}

function commitOf(text: string | undefined): CommitId | null {
  if (text === undefined) return null;
  if (isCommitId(text)) return text;
  throw refused(
    `--commit takes a full commit id of 40 hexadecimal characters, not ${JSON.stringify(text)}`,
  );
}

function sourcesOf(text: string): readonly DownloadSource[] {
  const sources = Object.hasOwn(SOURCES, text) ? SOURCES[text] : undefined;
  if (sources !== undefined) return sources;
  throw refused(`--download-source takes systems, network or both, not ${JSON.stringify(text)}`);
}

function provenanceOf({ provenance, trustedRoot }: CheckOptions): CheckRequest['provenance'] {
  if (provenance === undefined && trustedRoot === undefined) return null;
  if (provenance !== undefined && trustedRoot !== undefined) {
    return { bundleFile: provenance, trustedRootFile: trustedRoot };
  }
  throw refused('--provenance and --trusted-root belong together: give both');
}

function attestOf({ attest, key, passphraseFile, consent }: CheckOptions): CheckRequest['attest'] {
  if (attest === undefined && key === undefined) return null;
  if (attest !== undefined && key !== undefined) {
    return {
      ...{ file: attest, keyFile: key, consent: consent === true },
      passphraseFile: passphraseFile ?? null,
    };
  }
  throw refused(
    '--attest and --key belong together: give both',
    '`repro-quorum builder init --key key.pem` makes a key',
  );
}

function refused(message: string, hint: string | null = null): CommandError {
  return new CommandError(EXIT.usage, message, hint);
}
