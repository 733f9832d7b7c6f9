import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openBench } from './bench.js';
import { SCRIPT_HEAD } from './repository.js';

/** Says what it finds, leaves something for the next build, and fails. */
const SCRIPT = `${SCRIPT_HEAD}
found=$(cd "$HOME" && find . -type f | sort | tr '\\n' ' ')
mkdir -p "$HOME/.cache/bazel" && echo x > "$HOME/.cache/bazel/x"
chmod -R a-w "$HOME/.cache/bazel"
source "$HOME/.container-run.conf"
echo "found $found$MIRROR"
exit 1
`;

test.each([
  ['cold', 'cold', './.container-run.conf', []],
  ['warm', 'warm', './.cache/old ./.container-run.conf ./.netrc', ['bazel', 'old']],
])('a %s build finds what it should, and its result says so', async (cache, state, found, left) => {
  const bench = await openBench();
  await mkdir(join(bench.home, '.cache'), { recursive: true });
  await writeFile(join(bench.home, '.cache/old'), '');
  await writeFile(join(bench.home, '.netrc'), 'password');
  await writeFile(join(bench.home, '.container-run.conf'), 'MIRROR=mirror\n');
  await bench.start({ BUILD_CACHE: cache });
  const result = await bench.resultOf(await bench.dispatch(await bench.commit(SCRIPT)));
  expect(result).toMatchObject({
    kind: 'failed',
    message: `the build script exited with 1: found ${found} mirror`,
    environment: { facts: { 'build.cache': state, 'container.ran': false } },
  });
  const kept = await readdir(join(bench.home, '.cache'));
  expect(kept.toSorted()).toEqual(cache === 'cold' ? ['old'] : left);
  expect(await readdir(join(bench.dir, 'build'))).toEqual([]);
});
