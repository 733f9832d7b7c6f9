import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signerFromPem, type Signer } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { formatCosignerVkey } from '#libs/tlog';
import type { BuilderEnvironment } from '../world/builder-environment/builder-environment.js';
import { enter } from '../world/builder-environment/enter.js';
import { prepare } from '../world/builder-environment/prepare.js';
import { startChild, type Child } from './child.js';
import { entry } from './entry.js';

/** A builder to be: who answers for it, and how its machine differs from this one. */
export interface BuilderSpec {
  readonly operator: string;
  readonly environment?: Partial<BuilderEnvironment>;
}

/** A builder with its key and its folders; it may run or not. */
export interface Builder {
  readonly operator: string;
  readonly id: string;
  readonly publicKey: string;
  /** Verifier key of the agent's witness. */
  readonly witnessVkey: string;
  readonly environment: BuilderEnvironment;
  /** Starts its agent; `env` adds to the agent's configuration. */
  start(env?: Readonly<Record<string, string>>): Promise<Child>;
}

/** Where the agent finds everything. */
export interface AgentTargets {
  readonly natsUrl: string;
  readonly coordinatorUrl: string;
  readonly vkey: string;
  readonly gitUrl: string;
  readonly cdnBases: readonly string[];
  readonly erasFile: string;
  /** DER of the world's root key. */
  readonly rootKeyFile: string;
}

/** Makes a builder's key, home and environment below `dir`. */
export async function createBuilder(
  dir: string,
  name: string,
  spec: BuilderSpec,
  targets: () => AgentTargets,
): Promise<Builder> {
  const home = join(dir, name);
  await mkdir(home, { recursive: true });
  const keyFile = join(home, 'key.pem');
  const signer = await createKey(keyFile);
  const witnessKeyFile = join(home, 'witness-key.pem');
  const witness = await createKey(witnessKeyFile);
  const environment: BuilderEnvironment = {
    home: join(home, 'home'),
    tempDir: join(home, 'tmp'),
    umask: 0o022,
    ...spec.environment,
  };
  return {
    operator: spec.operator,
    id: signer.id,
    publicKey: toBase64(signer.publicKey),
    witnessVkey: formatCosignerVkey(signer.id, witness.publicKey),
    environment,
    start: async (more = {}) => {
      await prepare(environment);
      const { natsUrl, coordinatorUrl, vkey, rootKeyFile, ...release } = targets();
      const { gitUrl, cdnBases, erasFile } = release;
      const { file, args, env } = enter(environment, [process.execPath, entry('builder-agent')]);
      const child = startChild(file, args, {
        logPath: join(home, 'agent.log'),
        env: {
          PATH: process.env['PATH'],
          ...env,
          NATS_URL: natsUrl,
          COORDINATOR_URL: coordinatorUrl,
          COORDINATOR_VKEY: vkey,
          NNS_ROOT_KEY_FILE: rootKeyFile,
          KEY_FILE: keyFile,
          WITNESS_KEY_FILE: witnessKeyFile,
          STATE_DIR: join(home, 'state'),
          CACHE_DIR: join(home, 'cache'),
          BUILD_DIR: join(home, 'build'),
          BUILD_TMPDIR: environment.tempDir,
          BUILD_HOME: environment.home,
          GIT_URL: gitUrl,
          CDN_BASES: cdnBases.join(','),
          ALLOWED_HOSTS: cdnBases.join(','),
          ERAS_FILE: erasFile,
          PUBLICATION_CONSENT: 'yes',
          ...more,
        },
      });
      await child.line(/is ready/);
      return child;
    },
  };
}

async function createKey(path: string): Promise<Signer> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFile(path, pem, { mode: 0o600 });
  return signerFromPem(pem);
}
