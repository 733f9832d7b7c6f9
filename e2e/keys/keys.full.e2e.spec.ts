import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEnvelope, parseStatement, readRoundOpen } from '#libs/attestation';
import { BuilderKeys, Report, RoundAttestations } from '#libs/contracts';
import { parseVkey } from '#libs/tlog';
import { cli } from '../stack/cli.js';
import { startStack } from '../stack/stack.js';
import { publish } from '../world/publisher.js';

test('an operator enrols a builder and rotates its keys, and a round counts it under its old id', async () => {
  const stack = await startStack(() => [{ operator: 'acme' }, { operator: 'bits' }]);
  try {
    const { world } = stack;
    const commit = await world.icMini.commit({});
    const { icMini, cdnRoots, workDir } = world;
    await publish({ icMini, commit, cdnRoots, workDir });
    const [acme, bits] = stack.builders;
    const file = (name: string): string => join(stack.dir, name);
    const run = async (...args: string[]): Promise<string> => {
      const { exitCode, stdout, stderr } = await cli(stack, ...args);
      expect([exitCode, stderr]).toEqual([0, stderr]);
      return stdout;
    };

    const line = JSON.parse(await run('operator', 'init', '--out', file('operator'))) as object;
    const rosterOf = (...more: object[]): string =>
      JSON.stringify({
        operators: stack.builders.map(({ operator, id, publicKey }, at) => ({
          ...{ ...more[at], operator },
          builders: [{ builder: id, publicKey }],
        })),
      });
    const names = ['witness', 'nats', 'new', 'new-witness', 'new-nats'];
    for (const name of names) await run('builder', 'init', '--key', file(`${name}.pem`));
    const operator = ['--operator-key', file('operator/operator-key.pem')];
    const old = join(stack.dir, 'builders/builder-1/key.pem');
    const enroll = [
      ...['builder', 'enroll', ...operator, '--key', old, '--witness-key', file('witness.pem')],
      ...['--nats-key', file('nats.pem'), '--out', file('1.json')],
      ...['--submit', stack.coordinator.url],
    ];
    const stranger = await cli(stack, ...enroll);
    expect([stranger.exitCode, stranger.stderr]).toEqual([
      2,
      expect.stringContaining('unknown-operator'),
    ]);
    await writeFile(file('roster.json'), rosterOf(line));
    await run(...enroll);
    await run(
      ...['builder', 'rotate', ...operator, '--old-key', old, '--key', file('new.pem')],
      ...['--witness-key', file('new-witness.pem'), '--nats-key', file('new-nats.pem')],
      ...['--out', file('2.json'), '--submit', stack.coordinator.url],
    );
    const answer = await fetch(`${stack.coordinator.url}/v1/keys/${acme!.id}`);
    const standing = BuilderKeys.parse(await answer.json());
    expect(standing).toMatchObject({ state: 'active', history: [0, 1], keyIndex: 1 });

    await acme!.start({ KEY_FILE: file('new.pem'), BUILDER_ID: acme!.id });
    await bits!.start();
    const options = ['--commit', commit, '--threshold', '2', '--watch', '--json'];
    const report = Report.parse(JSON.parse(await run('round', 'open', ...options)));
    for (const { verdict, clusters } of report.artifacts) {
      expect(verdict).toBe('reproduced');
      expect(clusters[0]?.builders.toSorted()).toEqual([acme!.id, bits!.id].toSorted());
    }
    const { round } = report.round!;
    const path = `${stack.coordinator.url}/v1/rounds/${round}/attestations`;
    const { attestations } = RoundAttestations.parse(await (await fetch(path)).json());
    const { publicKey } = parseVkey(stack.vkey);
    const open = readRoundOpen(parseStatement(openEnvelope(attestations[0]!.envelope, publicKey)));
    expect(open.roster[0]).toMatchObject({
      ...{ operator: 'acme', publicKey: standing.operator.publicKey },
      builders: [{ builder: acme!.id, publicKey: standing.keys.attestation, keyIndex: 1 }],
    });
  } finally {
    await stack.close();
  }
});
