import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { JointEnvelope, verifyJoint } from '#libs/attestation';
import { fromBase64 } from '#libs/encoding';
import { expectAsTold } from '../scenarios/check-scenario.js';
import { runScenario, SILENT } from '../scenarios/run-scenario.js';
import { findScenario } from '../scenarios/scenarios.js';
import type { Scenario } from '../scenarios/scenario.js';
import { cli } from '../stack/cli.js';
import { buildsBegun } from './builds.js';

/** What the database's owner can do, and its service cannot. */
async function rewriteLeaf(databaseUrl: string, index: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const change = `UPDATE "log_entry" SET "entry" = "entry" || '\\x20' WHERE "index" = $1`;
  await expect(client.query(change, [index])).rejects.toThrow('only ever added');
  await client.query(`SET session_replication_role = 'replica'`);
  await client.query(change, [index]);
  await client.end();
}

/** Waits until so many builders have countersigned, and gives what they signed together. */
async function jointOf(url: string, signers: number): Promise<JointEnvelope> {
  return vi.waitFor(
    async () => {
      const joint = JointEnvelope.parse(await (await fetch(url)).json());
      expect(joint.signatures).toHaveLength(signers);
      return joint;
    },
    { timeout: 60_000, interval: 200 },
  );
}

test('a coordinator killed in mid-round and started again comes to the same verdict, nobody builds twice, and its log is sound', async () => {
  const scenario: Scenario = {
    ...findScenario('seed-split')!,
    play: async ({ stack, until, watch }) => {
      const [first, ...others] = stack.builders;
      await first!.start();
      await until('the first commit', ({ builders }) =>
        builders.some(({ state }) => state === 'committed'),
      );
      await Promise.all(others.map((builder) => builder.start()));
      await until('others at work', ({ builders }) =>
        builders.some(({ state }) => state === 'building'),
      );
      const { port } = new URL(stack.coordinator.url);
      await stack.coordinator.kill();
      await stack.startCoordinator('coordinator-again', { PORT: port });
      await watch();
    },
  };
  await runScenario(scenario, SILENT, async (stack, { report, attestations }) => {
    expectAsTold('seed-split', report);
    expect(await buildsBegun(stack)).toEqual([1, 1, 1, 1, 1]);
    const kinds = attestations!.attestations.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'commit')).toHaveLength(5);
    expect(kinds.filter((kind) => kind === 'result')).toHaveLength(5);
    expect(kinds.filter((kind) => kind === 'reveal')).toHaveLength(5);
    expect(kinds.filter((kind) => kind === 'round-close')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'verdict')).toHaveLength(1);
    const keys = stack.builders.map(({ publicKey }) => fromBase64(publicKey));
    const joint = await jointOf(
      `${stack.coordinator.url}/v1/rounds/${report.round!.round}/joint`,
      5,
    );
    for (const threshold of [3, 5]) {
      expect(verifyJoint(joint, keys, threshold).signers).toHaveLength(5);
    }
    expect(() => verifyJoint(joint, keys, 6)).toThrow('expected at least 6');

    const fsck = async () =>
      cli(stack, 'fsck', '--database', stack.databaseUrl, '--vkey', stack.vkey, '--json');
    // Builders answer the verdict in the meantime, and some may have when the round was read.
    const unanswered = kinds.filter((kind) => kind !== 'countersignature');
    const sound = await fsck();
    expect([sound.exitCode, JSON.parse(sound.stdout)]).toMatchObject([
      0,
      { leaves: unanswered.length + 5, finding: null },
    ]);
    await rewriteLeaf(stack.databaseUrl, 3);
    const altered = await fsck();
    expect([altered.exitCode, JSON.parse(altered.stdout)]).toMatchObject([
      4,
      { leaves: 3, finding: { code: 'leaf-hash', where: 'leaf 3' } },
    ]);
  });
});
