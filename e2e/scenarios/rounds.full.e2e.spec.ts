import { expect, test } from 'vitest';
import { ProposalEvidence, Report, RoundAttestations } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { evidenceFromJson, verifyEvidence } from '#libs/nns';
import { cli } from '../stack/cli.js';
import { startStack } from '../stack/stack.js';
import { publish } from '../world/publisher.js';
import { electGuestos, five } from './parts.js';

test('a commit is rebuilt before its proposal, the proposal’s round shows it, and a deployment tells both', async () => {
  const stack = await startStack(() => five(), { DEFAULT_THRESHOLD: '3/5' });
  try {
    const { world } = stack;
    const commit = await world.icMini.commit({});
    const { icMini, cdnRoots, workDir } = world;
    const published = await publish({ icMini, commit, cdnRoots, workDir });
    await Promise.all(stack.builders.map((builder) => builder.start()));

    const candidate = await cli(stack, 'round', 'open', '--commit', commit, '--watch', '--json');
    expect(candidate.exitCode).toBe(0);
    const first = Report.parse(JSON.parse(candidate.stdout));
    expect(first.proposal).toBeNull();
    expect(
      first.artifacts.every(({ verdict, elected }) => verdict === 'reproduced' && !elected),
    ).toBe(true);

    const proposal = world.nns.propose(electGuestos({ world, published })).toString();
    const opened = await cli(stack, 'round', 'open', proposal);
    expect(opened.exitCode).toBe(0);
    const round = opened.stdout.trim();
    const watched = await cli(stack, 'round', 'watch', round.slice(0, 12));
    expect(watched.exitCode).toBe(0);
    expect(watched.stdout).toContain('GuestOS, which this proposal elects: reproduced by 5 of 5');
    const second = Report.parse(
      JSON.parse((await cli(stack, 'report', proposal, '--json')).stdout),
    );
    expect(second.otherRounds.map((other) => other.round)).toEqual([first.round!.round]);
    expect(second.artifacts.every(({ flags }) => flags.includes('repeated'))).toBe(true);

    const subnetId = 'tdb26-jop6k-aogll-7ltgs-eruif-6kk7m-qpktf-gdiqx-mxtrf-vb5e6-eqe';
    const deploy = world.nns.propose({ kind: 'deploy-to-subnet', commit, subnetId }).toString();
    const told = await cli(stack, 'round', 'open', deploy, '--json');
    expect(told.exitCode).toBe(0);
    const deployment = Report.parse(JSON.parse(told.stdout));
    expect(deployment).toMatchObject({
      kind: 'deployment',
      deployment: { os: 'guestos', commit, to: { kind: 'subnet', subnetId } },
    });
    expect(deployment.artifacts.map(({ verdict }) => verdict)).toContain('reproduced');
    const unknown = world.nns.propose({
      kind: 'deploy-to-unassigned-nodes',
      commit: 'f'.repeat(40),
    });
    expect((await cli(stack, 'round', 'open', unknown.toString())).exitCode).toBe(3);

    const url = `${stack.coordinator.url}/v1/proposals/${proposal}/evidence`;
    const kept = ProposalEvidence.parse(await (await fetch(url)).json());
    const evidence = evidenceFromJson(kept.evidence);
    const proven = await verifyEvidence(evidence, { rootKey: world.nns.rootKey });
    expect(toBase64(proven.proposal.payload!)).toBe(kept.payload);

    const list = await cli(stack, 'round', 'list');
    expect(list.stdout.trim().split('\n')).toHaveLength(2);
    const shown = RoundAttestations.parse(
      JSON.parse((await cli(stack, 'round', 'show', round, '--json')).stdout),
    );
    // Answers to the verdict come whenever builders have recomputed it.
    const kinds = shown.attestations
      .map(({ kind }) => kind)
      .filter((kind) => kind !== 'countersignature');
    expect(kinds.toSorted()).toEqual(
      [
        ...['round-open', 'round-close', 'verdict'],
        ...Array<string>(5).fill('commit'),
        ...Array<string>(5).fill('result'),
        ...Array<string>(5).fill('reveal'),
      ].toSorted(),
    );
    const closed = await cli(stack, 'round', 'close', round);
    expect(closed.exitCode).toBe(2);
    expect(closed.stderr).toContain('forbidden-transition');
  } finally {
    await stack.close();
  }
});
