import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEnvelope, parseStatement, readResult, unverifiedPayload } from '#libs/attestation';
import { CheckReport } from '#libs/contracts';
import { hashFile } from '#libs/icos';
import { openCheckDesk, type CheckDesk } from '../check/check-desk.js';
import { Folder } from '../cli/folder.js';
import { pemOfMaker } from '../cli/makers.js';
import { makeFile, runFile } from './file.js';

let desk: CheckDesk;
let folder: Folder;
beforeAll(async () => {
  [desk, folder] = await Promise.all([openCheckDesk(), Folder.make()]);
});
afterAll(async () => {
  await Promise.all([desk.close(), folder.remove()]);
});

test('the one file checks a release, and names itself in what it says and signs', async () => {
  const { path } = await makeFile(folder.path);
  const { sha256 } = await hashFile(path);
  const proposal = desk.elect(await desk.release());
  await folder.write('dist/bundle/key.pem', pemOfMaker('a'));
  const args = ['--attest', 'me.json', '--key', 'key.pem', '--consent', '--json'];
  const end = await runFile(path, ['check', '-p', proposal, ...args], desk.environment);
  expect(end.exitCode, end.stderr).toBe(0);
  const report = CheckReport.parse(JSON.parse(end.stdout));
  expect(report).toMatchObject({ outcome: 'reproduced', tool: { sha256 } });
  const envelope = parseEnvelope(await folder.read('dist/bundle/me.json'));
  const result = readResult(parseStatement(unverifiedPayload(envelope)));
  expect(result).toMatchObject({ kind: 'built', agentDigest: sha256 });
});
