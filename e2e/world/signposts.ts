import { toHex } from '#libs/encoding';
import type { Showcase } from './showcase.js';
import type { World } from './world.js';

/** Where `./run up` serves unless told otherwise. */
const COORDINATOR_URL = 'http://127.0.0.1:3000';

/** Everything that somebody needs to point coordinator, builder agent and command line here. */
export interface Signposts extends Showcase {
  readonly urls: Readonly<Record<'nns' | 'dashboard' | 'git' | 'systems' | 'network', string>>;
  /** DER file: certificates of this NNS lead to this key, and to no other. */
  readonly rootKeyFile: string;
  /** Environment variables, ready to export. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Collects the addresses of a world, and the configuration that follows from them. */
export function signpostsOf(world: World, showcase: Showcase, rootKeyFile: string): Signposts {
  const cdnBases = `${world.systems.url},${world.network.url}`;
  return {
    urls: {
      nns: world.nns.url,
      dashboard: world.dashboard.url,
      git: world.gitUrl,
      systems: world.systems.url,
      network: world.network.url,
    },
    rootKeyFile,
    ...showcase,
    environment: {
      NNS_URL: world.nns.url,
      NNS_ROOT_KEY_FILE: rootKeyFile,
      GIT_URL: world.gitUrl,
      CDN_BASES: cdnBases,
      ALLOWED_HOSTS: cdnBases,
      BUILD_HOME: showcase.homes.inStep,
      ERAS_FILE: world.erasFile,
      COORDINATOR_URL,
      REPRO_QUORUM_COORDINATOR: COORDINATOR_URL,
      REPRO_QUORUM_NNS_HOST: world.nns.url,
      REPRO_QUORUM_NNS_ROOT_KEY: toHex(world.nns.rootKey),
      REPRO_QUORUM_GIT_URL: world.gitUrl,
      REPRO_QUORUM_CDN_SYSTEMS: world.systems.url,
      REPRO_QUORUM_CDN_NETWORK: world.network.url,
      REPRO_QUORUM_DASHBOARD: world.dashboard.url,
      REPRO_QUORUM_ERAS: world.erasFile,
    },
  };
}

/** Writes the variables as a shell reads them. */
export function shellExports({ environment }: Signposts): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('');
}

/** Tells people what there is. */
export function describe({ urls, rootKeyFile, releases, proposals, homes }: Signposts): string {
  return [
    '',
    `  NNS            ${urls.nns}   root key ${rootKeyFile}`,
    `  dashboard      ${urls.dashboard}`,
    `  git host       ${urls.git}`,
    `  CDN            ${urls.systems}  and  ${urls.network}`,
    ...releases.map(({ name, commit }) => `  ${name.padEnd(26)} ${commit}`),
    ...proposals.map(({ id, title }) => `  proposal ${id}  ${title}`),
    `  BUILD_HOME     ${homes.inStep}   packages as the publisher had them`,
    `              or ${homes.movedOn}   packages of a mirror that has moved on`,
    '',
  ].join('\n');
}
