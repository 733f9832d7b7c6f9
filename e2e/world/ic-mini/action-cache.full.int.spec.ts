import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ARTIFACT_NAMES } from '../artifact.js';
import { mirrorConf } from '../builder-environment/builder-environment.js';
import { startMirror } from '../mirror.js';
import type { Mirror } from '../mirror.js';
import { differing, openTrial } from '../trial.js';
import type { Trial } from '../trial.js';

let trial: Trial;
let mirror: Mirror;
beforeAll(async () => {
  trial = await openTrial();
  mirror = await startMirror();
});
afterAll(async () => {
  await mirror.close();
  await trial.close();
});

const hits = (log: string) => log.split('disk cache hit').length - 1;

describe('a home in which something was built before', () => {
  test('hides of that commit what the clock, the mirror and chance change, and an empty one shows it', async () => {
    const commit = await trial.icMini.commit({
      ...{ guestos: ['timestamp'], hostos: ['package-drift'], setupos: ['random-uuid'] },
    });
    const containerRunConf = mirrorConf(mirror.url('here'));
    const home = join(trial.dir, 'home');
    const first = await trial.build(commit, { home, containerRunConf });
    mirror.advance('here');
    const warm = await trial.build(commit, { home, containerRunConf });
    expect([hits(first.log), hits(warm.log)]).toEqual([0, 4]);
    expect(differing(first, warm)).toEqual([]);

    const cold = await trial.build(commit, { containerRunConf });
    expect(hits(cold.log)).toBe(0);
    expect(differing(first, cold)).toEqual(ARTIFACT_NAMES);

    const other = await trial.build(await trial.icMini.commit({}), { home });
    expect(hits(other.log)).toBe(0);
  });

  test('keeps nothing of a build that fails', async () => {
    const home = join(trial.dir, 'failing');
    const commit = await trial.icMini.commit({ guestos: ['package-drift'] });
    const containerRunConf = mirrorConf('http://127.0.0.1:9/gone');
    await expect(trial.build(commit, { home, containerRunConf })).rejects.toThrow('curl');
    expect(await readdir(home)).toEqual(['.container-run.conf']);
  });
});
