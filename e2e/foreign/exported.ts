import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { signerFromPem, type Envelope, type Signer } from '#libs/attestation';
import { parseBundle, type PlacedLine } from '#libs/evidence';
import { runScenario, SILENT } from '../scenarios/run-scenario.js';
import { findScenario } from '../scenarios/scenarios.js';
import { cli } from '../stack/cli.js';

/** A round that five agents played, exported by the command line, and the keys of all who signed. */
export interface Exported {
  readonly round: string;
  /** The folder of `round export --out`. */
  readonly dir: string;
  readonly auditor: Signer;
  /** The agents' own keys, so that a test can sign as one of them. */
  readonly builders: readonly Signer[];
  /** The file names of all results, without what comes after the name. */
  readonly results: readonly string[];
  readonly read: (path: string) => Promise<string>;
  readonly envelope: (name: string) => Promise<Envelope>;
  readonly lines: () => Promise<readonly PlacedLine[]>;
}

/** Plays the round once for a spec file: all agree, and all countersign. */
export function useExportedRound(): () => Exported {
  let exported: Exported | undefined;
  let scratch: string | undefined;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'repro-quorum-foreign-'));
    exported = await play(scratch);
  }, 240_000);
  afterAll(async () => {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  });
  return () => {
    if (exported === undefined) throw new Error('the round is played before the tests');
    return exported;
  };
}

async function play(scratch: string): Promise<Exported> {
  const dir = join(scratch, 'round');
  const keyFile = join(scratch, 'auditor.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFile(keyFile, pem, { mode: 0o600 });
  const builders: Signer[] = [];
  let round = '';
  const scenario = findScenario('all-agree');
  if (scenario === undefined) throw new Error('there is no scenario all-agree');
  await runScenario(
    {
      ...scenario,
      play: async ({ stack, until }) => {
        await Promise.all(stack.builders.map((builder) => builder.start()));
        await until('five countersignatures', ({ answers }) => {
          return answers?.countersigned.length === 5;
        });
      },
    },
    SILENT,
    async (stack, { report }) => {
      round = report.round?.round ?? '';
      const options = ['--out', dir, '--layout-key', keyFile];
      const run = await cli(stack, 'round', 'export', round, ...options);
      expect(run).toMatchObject({ exitCode: 0, stdout: '' });
      const again = await cli(stack, 'round', 'export', round, ...options);
      expect(again).toMatchObject({ exitCode: 2 });
      expect(await cli(stack, 'round', 'export', round, ...options, '--force')).toMatchObject({
        exitCode: 0,
      });
      for (const at of stack.builders.keys()) {
        const key = join(stack.dir, 'builders', `builder-${at + 1}`, 'key.pem');
        builders.push(signerFromPem(await readFile(key, 'utf8')));
      }
    },
  );
  const names = await readdir(join(dir, 'openssl'));
  const read = (path: string): Promise<string> => readFile(join(dir, path), 'utf8');
  return {
    ...{ round, dir, builders, read },
    auditor: signerFromPem(pem),
    results: names.filter((name) => name.endsWith('-result.pae')).map((name) => name.slice(0, -4)),
    envelope: async (name) => JSON.parse(await read(`attestations/${name}.dsse.json`)) as Envelope,
    lines: async () => parseBundle(await read('bundle.jsonl')).lines,
  };
}
