import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../exit.js';
import { tellOnce } from './tell-once.js';

const text = ({ secret }: { readonly secret: string }): string => secret;
const lost = (): string => 'it was made';
const make = () => Promise.resolve({ secret: 'open sesame' });

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'repro-quorum-secret-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('a secret goes into a file of its owner alone, whatever the umask is', async () => {
  const out = join(dir, 'own');
  const umask = process.umask(0);
  try {
    await tellOnce(make, { out, isJson: false, text, lost });
  } finally {
    process.umask(umask);
  }
  expect(await readFile(out, 'utf8')).toBe('open sesame\n');
  expect((await stat(out)).mode & 0o777).toBe(0o600);
});

test('with all that belongs to it, where that was asked for', async () => {
  const out = join(dir, 'json');
  await tellOnce(make, { out, isJson: true, text, lost });
  expect(JSON.parse(await readFile(out, 'utf8'))).toEqual(await make());
});

test('a file that is there is kept, and no secret is made for it', async () => {
  const out = join(dir, 'old');
  await writeFile(out, 'old');
  let isMade = false;
  const making = async () => {
    isMade = true;
    return make();
  };
  await expect(tellOnce(making, { out, isJson: false, text, lost })).rejects.toMatchObject({
    exitCode: EXIT.usage,
    message: `cannot write ${out}: it exists already`,
  });
  expect([await readFile(out, 'utf8'), isMade]).toEqual(['old', false]);
});

test('there is no file of a secret that was not made', async () => {
  const before = await readdir(dir);
  const refused = () => Promise.reject(new Error('refused'));
  const telling = tellOnce(refused, { out: join(dir, 'none'), isJson: false, text, lost });
  await expect(telling).rejects.toThrow('refused');
  expect(await readdir(dir)).toEqual(before);
});
