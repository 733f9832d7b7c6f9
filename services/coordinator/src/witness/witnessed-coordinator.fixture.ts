import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { signerFromPem } from '#libs/attestation';
import { readConfig } from '#libs/platform';
import { ed25519Verifier, formatVkey, type KnownLogs } from '#libs/tlog';
import { Config } from '../config.js';
import { startCoordinator, type RunningCoordinator } from '../coordinator.js';
import type { PlayedWitness } from './played-witness.fixture.js';

/** A policy of all these witnesses, with the log's key before them. */
export function policyText(vkey: string, lines: readonly string[], threshold: number): string {
  const names = lines.map((line) => line.split(' ')[1]);
  const group = `group all ${threshold} ${names.join(' ')}`;
  return [`log ${vkey}`, ...lines, group, 'quorum all', ''].join('\n');
}

/**
 * Starts coordinators with a policy of these witnesses: those that `serve` names over HTTP, the others
 * as agents.
 */
export class WitnessedCoordinator {
  private publicKey = new Uint8Array();
  private urls: ReadonlyMap<PlayedWitness, string> | null = null;

  constructor(
    private readonly origin: string,
    private readonly witnesses: readonly PlayedWitness[],
    private readonly served: readonly PlayedWitness[],
    private readonly threshold: number,
  ) {}

  readonly logs = (): KnownLogs =>
    new Map([[this.origin, [ed25519Verifier(this.origin, this.publicKey)]]]);

  get policy(): string {
    const lines = this.witnesses.map((witness) => witness.line(this.urls?.get(witness)));
    return policyText(formatVkey(this.origin, this.publicKey), lines, this.threshold);
  }

  readonly start = async (
    environment: Readonly<Record<string, string>>,
  ): Promise<RunningCoordinator> => {
    const keyFile = environment['SIGNING_KEY_FILE'] ?? '';
    this.publicKey = new Uint8Array(signerFromPem(await readFile(keyFile, 'utf8')).publicKey);
    this.urls ??= new Map(
      await Promise.all(
        this.served.map(async (witness) => [witness, await witness.serve(this.logs)] as const),
      ),
    );
    const policyFile = join(dirname(keyFile), 'witnesses');
    await writeFile(policyFile, this.policy);
    const witnessing = { WITNESS_POLICY_FILE: policyFile, WITNESS_TIMEOUT_SECONDS: '1' };
    return startCoordinator(readConfig(Config, { ...witnessing, ...environment }));
  };
}
