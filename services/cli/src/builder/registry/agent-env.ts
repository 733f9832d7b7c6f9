import { join, resolve } from 'node:path';
import { filesIn } from './builder-dir.js';

/** A coordinator, as its agents know it. */
export interface AgentCoordinator {
  readonly url: string;
  readonly vkey: string;
}

/** What the configuration of a new builder says. */
export interface AgentEnvRequest {
  readonly dir: string;
  /** Null where none was named. */
  readonly coordinator: AgentCoordinator | null;
  readonly passphraseFile: string | null;
  readonly caFile: string | null;
}

/**
 * Writes the configuration of an agent whose keys and folders are in one place. Every other variable
 * has its default; `deploy/env/builder-agent.env.example` tells them all.
 */
export function agentEnv({ dir, coordinator, passphraseFile, caFile }: AgentEnvRequest): string {
  const at = resolve(dir);
  const { key, witnessKey, natsKey } = filesIn(at);
  const lines: readonly (readonly [name: string, value: string | null])[] = [
    ['COORDINATOR_URL', coordinator?.url ?? null],
    ['COORDINATOR_VKEY', coordinator?.vkey ?? null],
    ['CA_FILE', caFile === null ? null : resolve(caFile)],
    ['KEY_FILE', key],
    ['WITNESS_KEY_FILE', witnessKey],
    ['NATS_KEY_FILE', natsKey],
    ['KEY_PASSPHRASE_FILE', passphraseFile === null ? null : resolve(passphraseFile)],
    ['STATE_DIR', join(at, 'state')],
    ['CACHE_DIR', join(at, 'cache')],
    ['BUILD_DIR', join(at, 'build')],
    ['BUILD_HOME', join(at, 'home')],
    ['PUBLICATION_CONSENT', 'no'],
  ];
  const text = lines.map(([name, value]) => (value === null ? `#${name}=` : envLine(name, value)));
  return [
    '# Configuration of this builder. `repro-quorum builder run --config FILE` reads it.',
    '# PUBLICATION_CONSENT=yes once you have read what becomes public: the first start prints it.',
    ...text,
    '',
  ].join('\n');
}

/** Writes a variable as one line of such a configuration. */
export function envLine(name: string, value: string): string {
  return `${name}=${quoted(value)}`;
}

/** Shells and systemd read double quotes alike; a folder may have a space in its name. */
function quoted(value: string): string {
  return /^[A-Za-z0-9_./:@%+,=-]*$/.test(value) ? value : `"${value.replace(/["\\$`]/g, '\\$&')}"`;
}
