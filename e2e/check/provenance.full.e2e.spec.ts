import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { createSigstore, type Sigstore } from '../world/sigstore/index.js';
import type { EraId } from '../world/era.js';
import type { Published } from '../world/publisher.js';
import { openCheckDesk, type CheckDesk } from './check-desk.js';

const SUMS = 'host-os/update-img/SHA256SUMS';
const BRANCH = 'refs/heads/rc--2026-09-10_03-20';

let desk: CheckDesk;
let sigstore: Sigstore;
let published: Published<EraId>;
beforeAll(async () => {
  desk = await openCheckDesk();
  sigstore = await createSigstore();
  published = await desk.release({ era: 'attested-sums' });
  await writeFile(join(desk.dir, 'root.json'), JSON.stringify(sigstore.trustedRoot));
});
afterAll(() => desk.close());

/** Attests the SHA256SUMS that lies on the CDN, or whatever else is said, and gives the options. */
async function attested(
  changes: Partial<Parameters<Sigstore['attest']>[0]> = {},
): Promise<string[]> {
  const { commit } = published;
  const bytes = await readFile(join(desk.world.cdnRoots[0], 'ic', commit, SUMS));
  const bundle = await sigstore.attest({
    subjects: [{ name: `ic/${commit}/${SUMS}`, sha256: sha256(bytes) }],
    ...{ commit, ref: BRANCH },
    workflow: '.github/workflows/release-testing.yml',
    signerWorkflow: '.github/workflows/ci-main.yml',
    ...changes,
  });
  const file = join(desk.dir, 'bundle.jsonl');
  await writeFile(file, `${JSON.stringify(bundle)}\n`);
  return ['--provenance', file, '--trusted-root', join(desk.dir, 'root.json')];
}

const checkHostos = async (options: readonly string[]) =>
  desk.report(['-p', desk.elect(published, 'hostos'), '--hostos', ...options]);

describe('build provenance', () => {
  test('of the SHA256SUMS that was read is confirmed, offline', async () => {
    const { report, exitCode } = await checkHostos(await attested());
    expect(report.provenance).toMatchObject([{ path: SUMS, state: 'confirmed' }]);
    expect(exitCode).toBe(0);
  });

  test.each<[string, Partial<Parameters<Sigstore['attest']>[0]>, RegExp]>([
    [
      "of another folder's file",
      { subjects: [{ name: `ic/${'0'.repeat(40)}/${SUMS}`, sha256: sha256('x') }] },
      /wrong-/,
    ],
    ['of another commit', { commit: '0'.repeat(40) }, /wrong-commit/],
    ['of a branch that releases do not come from', { ref: 'refs/heads/mine' }, /wrong-ref/],
    ['of a fork', { repository: 'mallory/ic' }, /wrong-repository/],
  ])('%s is bad evidence, though the build matches', async (_, changes, reason) => {
    const { report, exitCode } = await checkHostos(await attested(changes));
    expect(report.provenance).toMatchObject([
      { state: 'refused', reason: expect.stringMatching(reason) as string },
    ]);
    expect(report.artifacts).toMatchObject([{ verdict: 'reproduced' }]);
    expect([report.outcome, exitCode]).toEqual(['bad-evidence', 4]);
  });

  test('that is refused goes before everything else that is wrong: exit code 4', async () => {
    const options = await attested({ ref: 'refs/heads/mine' });
    const proposal = desk.elect(published, 'hostos', { sha256: 'f'.repeat(64) });
    const end = await desk.report(['-p', proposal, '--hostos', ...options]);
    expect(end.report.artifacts).toMatchObject([{ verdict: 'inconsistent' }]);
    expect([end.report.outcome, end.exitCode]).toEqual(['bad-evidence', 4]);
  });

  test('that nobody has at hand is not checked, and that is no failure', async () => {
    const { report, exitCode } = await checkHostos([]);
    expect(report.provenance).toMatchObject([{ path: SUMS, state: 'not-checked' }]);
    expect(exitCode).toBe(0);
  });

  test('of a commit from before there was any is absent, which is a fact', async () => {
    const earlier = await desk.release({ era: 'update-folders' });
    const options = await attested();
    const { report, exitCode } = await desk.report(['-c', earlier.commit, '--hostos', ...options]);
    expect(report.provenance).toMatchObject([{ path: SUMS, state: 'absent' }]);
    expect(exitCode).toBe(0);
  });
});
