import { describe, expect, test } from 'vitest';
import { limitCpus, parseCpuList } from './cpu-limit.js';

describe('a limit of processors', () => {
  test('is none unless one is asked for', async () => {
    expect(await limitCpus(['./build.sh', '-i'], undefined)).toEqual(['./build.sh', '-i']);
  });

  test('that the machine does not reach changes nothing', async () => {
    expect(await limitCpus(['./build.sh'], 4096)).toEqual(['./build.sh']);
  });

  test.each([
    ['0', [0]],
    ['0-3', [0, 1, 2, 3]],
    ['1,4-5', [1, 4, 5]],
    ['3-1', []],
    ['', []],
    ['0-x', []],
    ['0;1', []],
  ])('reads %j as %j', (text, cpus) => {
    expect(parseCpuList(text)).toEqual(cpus);
  });
});
