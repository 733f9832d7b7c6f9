import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../world/listener.js';
import { openBench } from './bench.js';
import { end, note, running } from './processes.js';
import { SCRIPT_HEAD } from './repository.js';

/**
 * Hangs with children in and out of its session, until the spec has left a note; then it tells
 * whether anything of the first try still runs, and fails. Notes lie in the home: see WARM.
 */
const SCRIPT = `${SCRIPT_HEAD}
if [ -e "$HOME/second-try" ]; then
  for pid in $(cat "$HOME/first-pids"); do
    grep -q '^State:.[^ZX]' "/proc/$pid/status" 2>/dev/null && echo "$pid" >> "$HOME/alive"
  done
  ls "$(dirname "$TMPDIR")" > "$HOME/temp-folders"
  ls > "$HOME/worktree"
  exit 3
fi
touch half-built "$TMPDIR/half-built"
sleep 600 & child=$!
env -i sleep 600 & bare=$!
setsid sleep 600 & apart=$!
echo $$ $child $bare $apart > "$HOME/first-pids"
wait
`;

/** Both tries have the persistent home, and the spec knows it. */
const WARM = { BUILD_CACHE: 'warm' };

test('SIGTERM in mid-build ends the build, leaves the job open, and the next start builds it', async () => {
  const bench = await openBench();
  const agent = await bench.start(WARM);
  const round = await bench.dispatch(await bench.commit(SCRIPT));
  const pids = await note(bench.home, 'first-pids');
  onTestFinished(() => end(pids));
  expect(await running(pids)).toHaveLength(4);
  await agent.stop();
  expect(await running(pids)).toEqual([]);
  expect(bench.committed()).toEqual([]);
  expect(await readdir(join(bench.dir, 'build'))).toEqual([]);
  expect(await readdir(join(bench.dir, 'tmp'))).toEqual([]);

  await writeFile(join(bench.home, 'second-try'), '');
  await bench.start(WARM);
  expect(await bench.resultOf(round)).toMatchObject({ kind: 'failed', class: 'build-error' });
});

test('a build whose agent was killed is ended, and its folders removed, before it is tried again', async () => {
  const bench = await openBench();
  const agent = await bench.start(WARM);
  const round = await bench.dispatch(await bench.commit(SCRIPT));
  const pids = await note(bench.home, 'first-pids');
  onTestFinished(() => end(pids));
  await agent.kill();
  // Nobody ends it: without the next agent it would go on for hours.
  expect(await running(pids)).toHaveLength(4);
  expect(bench.committed()).toEqual([]);

  await writeFile(join(bench.home, 'second-try'), '');
  await bench.start(WARM);
  expect(await bench.resultOf(round)).toMatchObject({ kind: 'failed', class: 'build-error' });
  expect(await readdir(bench.home)).not.toContain('alive');
  expect(await note(bench.home, 'temp-folders')).toHaveLength(1);
  expect(await note(bench.home, 'worktree')).toEqual(['ci']);
  expect(await running(pids)).toEqual([]);
  expect(await readdir(join(bench.dir, 'tmp'))).toEqual([]);
});

/** Builds the smallest outputs of the era before the newest one. */
const SMALL_RELEASE = `#!/bin/bash
set -eu
guestos=guestos/update hostos=hostos/update setupos=setupos
mkdir -p artifacts/icos/{$guestos,$hostos,$setupos}
cd "$TMPDIR"
for name in boot.img root.img disk.img VERSION.TXT; do echo "$name" > "$name"; done
out=$OLDPWD/artifacts/icos
tar -c boot.img root.img VERSION.TXT | zstd -q > "$out/$guestos/update-img.tar.zst"
tar -c boot.img root.img VERSION.TXT | zstd -q > "$out/$hostos/update-img.tar.zst"
tar -c disk.img | zstd -q > "$out/$setupos/disk-img.tar.zst"
`;

test('SIGTERM while the publications are read signs nothing that lacks their readings', async () => {
  const bench = await openBench();
  const silent = await listen(() => new Promise(() => undefined));
  const agent = await bench.start({ CDN_BASES: silent.url, ALLOWED_HOSTS: silent.url });
  const round = await bench.dispatch(await bench.commit(SMALL_RELEASE));
  await bench.reaches('published');
  await agent.stop();
  await silent.close();
  expect(bench.committed()).toEqual([]);

  const empty = await listen((_, response) => {
    response.writeHead(404).end();
    return Promise.resolve();
  });
  await bench.start({ CDN_BASES: empty.url, ALLOWED_HOSTS: empty.url });
  const result = await bench.resultOf(round);
  expect(result.kind === 'built' && result.outputs).toHaveLength(3);
  const readings = result.kind === 'built' ? result.published : [];
  expect(readings.map(({ error }) => error?.code)).toEqual(Array(6).fill('HTTP_REFUSED'));
  await empty.close();
});
