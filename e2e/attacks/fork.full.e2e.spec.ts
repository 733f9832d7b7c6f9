import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { envelopeDigest } from '#libs/attestation';
import { PolicyFile, RoundAttestations, type LoggedAttestation } from '#libs/contracts';
import { parseBundle, readAuditor, verifyBundle, type Audit } from '#libs/evidence';
import { CoordinatorClient } from '#libs/testing';
import { ed25519Verifier, openCheckpoint, parseVkey } from '#libs/tlog';
import { five } from '../scenarios/parts.js';
import { startStack, type Stack } from '../stack/stack.js';
import { publish } from '../world/publisher.js';
import { startFork, type Fork } from './start-fork.js';

/** Both words of the log, as an agent keeps them. */
const Contradiction = z.object({ seen: z.string(), shown: z.string() });
const PATIENCE = { timeout: 150_000, interval: 100 };

let stack: Stack;
let fork: Fork;
let round: string;
/** What the agent says that was shown the fork, once it sees the log that all others see. */
let alarm: RegExpExecArray;

beforeAll(async () => {
  stack = await startStack(() => five().slice(0, 4), {
    ...{ DEFAULT_THRESHOLD: '3/4', REVEAL_SECONDS: '12' },
    ...{ WITNESS_FALLBACK_SECONDS: '2', WITNESS_TIMEOUT_SECONDS: '1' },
  });
  const { icMini, cdnRoots, workDir } = stack.world;
  const commit = await icMini.commit({});
  await publish({ icMini, commit, cdnRoots, workDir });
  round = await new CoordinatorClient(stack.coordinator.url).open({ commit });
  const [victim, ...others] = stack.builders;
  // Up to its commit, the one builder sees what all see.
  const before = await victim!.start();
  await logged(stack.coordinator.url, 'commit', 1);
  await before.stop();
  const { port } = new URL(stack.coordinator.url);
  await stack.coordinator.stop();

  fork = await startFork(stack);
  const misled = await victim!.start(fork.agentEnv);
  await new CoordinatorClient(fork.coordinator.url).close(round);
  await logged(fork.coordinator.url, 'verdict', 1);
  await misled.stop();

  await stack.startCoordinator('true', { PORT: port });
  await Promise.all(others.map((builder) => builder.start()));
  await logged(stack.coordinator.url, 'verdict', 1);
  const back = await victim!.start();
  alarm = await back.line(/the log may be forked: ([^"]*); ([^"]*\.json)/);
}, 240_000);
afterAll(async () => {
  await fork.close();
  await stack.close();
});

/** Waits until so many entries of a kind are logged of the round, and gives them. */
async function logged(
  url: string,
  kind: string,
  count: number,
): Promise<readonly LoggedAttestation[]> {
  return vi.waitFor(async () => {
    const response = await fetch(`${url}/v1/rounds/${round}/attestations`);
    const { attestations } = RoundAttestations.parse(await response.json());
    const found = attestations.filter((entry) => entry.kind === kind);
    expect(found).toHaveLength(count);
    return found;
  }, PATIENCE);
}

async function bundleOf(url: string): Promise<string> {
  return (await fetch(`${url}/v1/rounds/${round}/bundle`)).text();
}

/** Audits a bundle as somebody does who trusts all four, and the witnesses alone. */
async function audit(bundle: string): Promise<Audit> {
  const policy = PolicyFile.parse({
    log: [stack.vkey],
    witnesses: await readFile(join(stack.dir, 'witness.policy'), 'utf8'),
    operators: stack.builders.map(({ operator, id }) => ({ operator, builders: [id] })),
    threshold: '3/4',
  });
  const verifyCertificate = () => Promise.reject(new Error('there is no certificate'));
  return verifyBundle(bundle, readAuditor(policy), { at: new Date(), verifyCertificate });
}

test('a builder that was shown a fork refuses to witness the log of all others, and keeps what proves it', async () => {
  const [, reason = '', path = ''] = alarm;
  expect(reason).toContain('is not shown to contain the one of size');
  const { seen, shown } = Contradiction.parse(JSON.parse(await readFile(path, 'utf8')));
  const { name, publicKey } = parseVkey(stack.vkey);
  const [old, now] = [seen, shown].map((note) => {
    return openCheckpoint(note, [ed25519Verifier(name, publicKey)], name).checkpoint;
  });
  // The log itself signed both: whoever holds the file needs nobody's word for it.
  expect(old!.size).toBeLessThan(now!.size);
});

test('what one builder shows in a fork is weakly witnessed, and convinces nobody who asks for witnesses', async () => {
  const forked = await audit(await bundleOf(fork.coordinator.url));
  expect(forked.outcome).toBe('not-satisfied');
  expect(forked.rules).toContainEqual(
    expect.objectContaining({ rule: 'witnesses', isKept: false }),
  );
  for (const { flags, verdict } of forked.artifacts) {
    expect(verdict).toBe('insufficient');
    expect(flags).toContain('weakly-witnessed');
  }
  const common = await audit(await bundleOf(stack.coordinator.url));
  expect(common).toMatchObject({ outcome: 'satisfied', findings: [] });
});

test('the bundles of both sides, each proven under the log’s own key, show other entries at one place', async () => {
  const bundles = await Promise.all(
    [fork, stack].map(({ coordinator }) => bundleOf(coordinator.url)),
  );
  const [forked, common] = bundles.map((text) => placesOf(text));
  for (const bundle of bundles) expect((await audit(bundle)).findings).toEqual([]);
  const differing = [...forked!].filter(([index, entry]) => common!.get(index) !== entry);
  // RoundOpen and the one commit are common to both.
  expect(differing.map(([index]) => index)).toEqual([...forked!.keys()].slice(2));
});

/** By log index: the digest of the envelope that a bundle has there. */
function placesOf(bundle: string): ReadonlyMap<number, string> {
  return new Map(
    parseBundle(bundle).lines.flatMap((line): readonly (readonly [number, string])[] =>
      line.type === 'envelope' ? [[line.index, envelopeDigest(line.envelope)]] : [],
    ),
  );
}
