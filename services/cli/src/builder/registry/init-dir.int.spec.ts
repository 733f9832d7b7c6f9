import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../../exit.js';
import { initBuilderDir } from './init-dir.js';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'repro-quorum-init-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test.each(['witness-key.pem', 'nats-key.pem', 'builder-agent.env'])(
  'where %s cannot be written no key is left that would be in the way of the next try',
  async (name) => {
    const builder = await mkdtemp(join(dir, 'builder-'));
    // It leads nowhere, so it is not there, and no new file can be made in its place.
    await symlink('nowhere', join(builder, name));
    await expect(initBuilderDir({ dir: builder, joins: null })).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: `cannot write ${join(builder, name)}: it exists already`,
    });
    expect(await readdir(builder)).toEqual([name]);
    await rm(join(builder, name));
    await initBuilderDir({ dir: builder, joins: null });
    expect(await readdir(builder)).toHaveLength(4);
  },
);
