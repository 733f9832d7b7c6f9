import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createGovernance, evidenceToJson } from '#libs/nns';
import { startNns } from '../../../../e2e/world/nns/index.js';
import { scratchDirectory } from '../agent.fixture.js';
import { readCertificateVerifier } from './certificate-verifier.js';

let file: string;
beforeEach(async () => {
  file = join(await scratchDirectory(), 'root.der');
});

test('a proposal of another network is believed under that network’s root key, and under no other', async () => {
  const nns = await startNns({});
  const [commit, sha256] = ['a'.repeat(40), 'b'.repeat(64)];
  const id = nns.propose({ kind: 'elect-guestos', commit, sha256, urls: ['https://x.invalid/a'] });
  const governance = await createGovernance({ host: nns.url, rootKey: nns.rootKey });
  const { evidence } = await governance.readProposal(id);
  await nns.close();
  const json = { ...evidenceToJson(evidence) };
  await writeFile(file, nns.rootKey);
  const own = await readCertificateVerifier(file);
  expect(await own(json)).toMatchObject({ proposal: id.toString(), elects: { commit, sha256 } });
  const mainnet = await readCertificateVerifier(undefined);
  await expect(mainnet(json)).rejects.toMatchObject({ code: 'UNCERTIFIED' });
});

test('a root key that is none is told before the agent starts', async () => {
  await expect(readCertificateVerifier(file)).rejects.toThrow(
    /NNS_ROOT_KEY_FILE is not usable: ENO/,
  );
});
