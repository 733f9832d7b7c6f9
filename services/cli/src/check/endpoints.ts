import { EncodingError, fromHex } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';

/** Where a check looks. Everything can be pointed elsewhere by the environment. */
export interface Endpoints {
  readonly nnsHost: string;
  /** DER; undefined for the Internet Computer's own. */
  readonly rootKey: Uint8Array | undefined;
  readonly gitUrl: string;
  readonly cdns: Readonly<Record<'systems' | 'network', string>>;
  readonly dashboard: string;
  /** A table of eras instead of this version's; null for that one. */
  readonly erasFile: string | null;
  /** Names of the variables that point elsewhere: what comes of it is not about the IC. */
  readonly replaced: readonly string[];
}

/** Environment variables, and where a check looks without them. */
const VARIABLES = {
  REPRO_QUORUM_NNS_HOST: 'https://icp-api.io',
  REPRO_QUORUM_NNS_ROOT_KEY: '',
  REPRO_QUORUM_GIT_URL: 'https://github.com/dfinity/ic.git',
  REPRO_QUORUM_CDN_SYSTEMS: 'https://download.dfinity.systems',
  REPRO_QUORUM_CDN_NETWORK: 'https://download.dfinity.network',
  REPRO_QUORUM_DASHBOARD: 'https://ic-api.internetcomputer.org',
  REPRO_QUORUM_ERAS: '',
} as const;

/**
 * Reads where to look.
 *
 * @throws CommandError usage for a root key that is not hexadecimal
 */
export function endpointsOf(environment: Readonly<NodeJS.ProcessEnv>): Endpoints {
  const names = Object.keys(VARIABLES) as (keyof typeof VARIABLES)[];
  const valueOf = (name: keyof typeof VARIABLES): string => environment[name] ?? VARIABLES[name];
  const erasFile = valueOf('REPRO_QUORUM_ERAS');
  return {
    nnsHost: valueOf('REPRO_QUORUM_NNS_HOST'),
    rootKey: rootKeyOf(valueOf('REPRO_QUORUM_NNS_ROOT_KEY')),
    gitUrl: valueOf('REPRO_QUORUM_GIT_URL'),
    cdns: {
      systems: valueOf('REPRO_QUORUM_CDN_SYSTEMS'),
      network: valueOf('REPRO_QUORUM_CDN_NETWORK'),
    },
    dashboard: valueOf('REPRO_QUORUM_DASHBOARD'),
    erasFile: erasFile === '' ? null : erasFile,
    replaced: names.filter((name) => valueOf(name) !== VARIABLES[name]),
  };
}

/** Says which variables point elsewhere, one or more of them. */
export function elsewhere(replaced: readonly string[]): string {
  const verb = replaced.length === 1 ? 'points' : 'point';
  return `This is not about the Internet Computer: ${replaced.join(', ')} ${verb} elsewhere.`;
}

function rootKeyOf(hex: string): Uint8Array | undefined {
  if (hex === '') return undefined;
  try {
    return fromHex(hex);
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    throw new CommandError(
      EXIT.usage,
      'REPRO_QUORUM_NNS_ROOT_KEY is no key: expected its DER in hexadecimal',
      null,
      { cause },
    );
  }
}
