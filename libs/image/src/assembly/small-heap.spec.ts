import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { SMALL_HEAP } from './small-heap.js';

/** What an engine says of a flag that is set while it runs: nothing, where it knows it. */
function complaintAbout(flag: string): string {
  const program = `require('node:v8').setFlagsFromString('${flag}')`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  expect(status).toBe(0);
  return stderr;
}

// It goes on as if one that it does not know was not there: memory would grow, and nothing fail.
test('the engine that this project runs on knows the flags that keep a manifest’s memory small', () => {
  expect(complaintAbout('--no-such-flag')).toContain('unrecognized flag');
  expect(SMALL_HEAP.map(complaintAbout)).toEqual(SMALL_HEAP.map(() => ''));
});

test('they are set on this engine: the versions that are told are those of this one', () => {
  expect(process.versions.v8).toMatch(/^13\./);
});
