import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../exit.js';
import { readEvidence } from './kept-evidence.js';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'repro-quorum-evidence-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('a file for --evidence', () => {
  test.each([
    ['that is no JSON', 'hello', EXIT.usage, /^cannot read .*no\.json: /],
    ['of something else', '{"rounds":[]}', EXIT.badEvidence, /no\.json holds no evidence of a/],
    ['with something else in it', '{"evidence":[]}', EXIT.badEvidence, /holds no evidence of a/],
  ])('%s is refused, and the one that is meant is named', async (_what, text, exitCode, told) => {
    const path = join(dir, 'no.json');
    await writeFile(path, text);
    await expect(readEvidence(path)).rejects.toMatchObject({
      exitCode,
      message: expect.stringMatching(told) as unknown,
      hint: expect.stringMatching(/proposals\/ID\.json.*\/v1\/proposals\/ID\/evidence/) as unknown,
    });
  });
});
