import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson, sha256, toBase64, toHex } from '#libs/encoding';
import { createGovernance, evidenceToJson } from '#libs/nns';
import { fiveHands, GUESTOS, HandRound, RELEASE } from '../../libs/evidence/src/bundle.fixture.js';
import { policyOf } from '../../libs/evidence/src/audit.fixture.js';
import { MemoryLog, WITNESS_POLICY } from '../../libs/evidence/src/log.fixture.js';
import { VerifyOutput } from '../../services/cli/src/verify/verify-output.js';
import { startNns } from '../world/nns/index.js';
import { Folder } from './folder.js';

const AT = ['--at', '2026-01-03T03:00:00Z'];
const URL = 'https://download.example/guest-os/update-img.tar.zst';

let folder: Folder;
let bundle: string;
let rootKey: string;

beforeAll(async () => {
  folder = await Folder.make();
  const nns = await startNns({});
  rootKey = toHex(nns.rootKey);
  const expected = sha256(`good ${GUESTOS}`);
  const commit = RELEASE.source.digest['gitCommit'] ?? '';
  const id = nns.propose({ kind: 'elect-guestos', commit, sha256: expected, urls: [URL] });
  const governance = await createGovernance({ host: nns.url, rootKey: nns.rootKey });
  const { proposal, evidence } = await governance.readProposal(id);
  await nns.close();
  const { nnsFunction, payload } = proposal;
  if (nnsFunction === null || payload === null) throw new Error('it elects nothing');
  const json = evidenceToJson(evidence);
  const round = new HandRound(new MemoryLog(), fiveHands(['good', 'good', 'good', 'other']), {
    proposal: {
      ...{ id: proposal.id.toString(), nnsFunction, payloadSha256: sha256(payload) },
      evidenceSha256: sha256(canonicalJson(json)),
    },
    urls: [URL],
  }).play();
  bundle = round.bundle({ proposal: { nnsFunction, payload: toBase64(payload), evidence: json } });
  const witnesses = WITNESS_POLICY;
  await folder.write('round.jsonl', bundle);
  await folder.write('policy.json', policyOf(fiveHands(), { nnsRootKey: rootKey, witnesses }));
  await folder.write('short.yaml', 'log: [x]\noperators: []\nthreshold: 1\nmaxAgeHour: 3\n');
  await folder.write('low.json', policyOf(fiveHands(), { threshold: '2' }));
  await folder.write('another.json', policyOf());
  await folder.write('all.json', policyOf(fiveHands(), { nnsRootKey: rootKey, threshold: '5/5' }));
  await folder.write('forged.jsonl', bundle.replace('"kind":"commit"', '"kind":"result"'));
});
afterAll(() => folder.remove());

const verify = (file: string, policy: string) =>
  folder.run(['verify', file, '--policy', policy, ...AT]);

describe.concurrent('verify', () => {
  test('says yes by a certified proposal, and what speaks for it', async () => {
    const { exitCode, stdout, stderr } = await verify('round.jsonl', 'policy.json');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/✔ evidence .*\n.*✔ decided .*#0 #17\]\n.*✔ witnesses .*\n.*✔ votes/);
    expect(stdout.trimEnd()).toMatch(/the policy is satisfied$/);
  });

  test('prints as JSON what its schema says', async () => {
    const args = ['verify', 'round.jsonl', '--policy', 'policy.json', ...AT, '--json'];
    const { exitCode, stdout } = await folder.run(args);
    const output = VerifyOutput.parse(JSON.parse(stdout));
    expect([exitCode, output.outcome, output.findings]).toEqual([0, 'satisfied', []]);
    expect(output.artifacts[0]?.clusters.map(({ operators }) => operators.length)).toEqual([4, 1]);
  });

  test('says no where not enough of one’s own operators agree', async () => {
    const { exitCode, stdout } = await verify('round.jsonl', 'all.json');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('✖ votes');
  });

  test('names what is wrong with a forged bundle', async () => {
    const { exitCode, stdout } = await verify('forged.jsonl', 'policy.json');
    expect(exitCode).toBe(4);
    expect(stdout).toContain('kind-wrong (line ');
    expect(stdout).toContain('✖ evidence');
  });

  test('believes no certificate but the Internet Computer’s, unless told otherwise', async () => {
    const { exitCode, stdout } = await verify('round.jsonl', 'another.json');
    expect(exitCode).toBe(4);
    expect(stdout).toContain('certificate-wrong');
  });

  test.each([
    ['a policy with faults', ['round.jsonl', '--policy', 'short.yaml'], 'maxAgeHour'],
    ['a threshold too low', ['round.jsonl', '--policy', 'low.json'], 'more than half'],
    ['no policy', ['round.jsonl'], '--policy'],
    ['a file that is not there', ['gone.jsonl', '--policy', 'policy.json'], 'gone.jsonl'],
    ['a time that is none', ['round.jsonl', '--policy', 'policy.json', '--at', 'noon'], 'noon'],
  ])('refuses %s', async (_what, args, says) => {
    const { exitCode, stdout, stderr } = await folder.run(['verify', ...args]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
  });
});
