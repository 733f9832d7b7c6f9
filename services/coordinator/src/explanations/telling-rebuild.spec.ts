import { describe, expect, test } from 'vitest';
import { judgeRebuild, type Change, type Judged } from './telling-rebuild.js';
import type { ToldFacts } from './moved-facts.js';

const salted = (digit: string): string => `sha256:${digit.repeat(64)}`;
const told = (along: readonly string[] = []) => ({ isTelling: true, along });
const refused = (...words: readonly string[]) => ({
  ...{ isTelling: false, because: expect.stringContaining(words.join('')) as string },
});

/** Judges a re-build of which the bytes moved, or stayed. */
function judged(
  before: ToldFacts,
  after: ToldFacts,
  change: Change | null,
  stayed = false,
): Judged {
  return judgeRebuild(
    { digest: 'a', facts: before },
    { digest: stayed ? 'a' : 'b', facts: after },
    change,
  );
}

const TMPFS = { fact: 'temp.filesystem', to: 'tmpfs' };
const MACHINE = { 'os.kernel': '6.8', 'cpu.count': 4, 'temp.free': 10, 'disk.cache.warm': false };

describe('a re-build with one fact changed', () => {
  test('tells something where the fact has the value that was asked, whatever became of the bytes', () => {
    for (const stayed of [true, false]) {
      const ext4 = { ...MACHINE, 'temp.filesystem': 'ext4' };
      expect(judged(ext4, { ...ext4, 'temp.filesystem': 'tmpfs' }, TMPFS, stayed)).toEqual(told());
    }
  });

  test('takes a number and its text for one value', () => {
    const before = { 'cpu.count': 4, 'temp.block-size': 1024 };
    const change = { fact: 'temp.block-size', to: '4096' };
    const after = { 'cpu.count': '4', 'temp.block-size': 4096 };
    expect(judged(before, after, change)).toEqual(told());
    const already = { ...before, 'temp.block-size': 4096 };
    expect(judged(already, after, change)).toEqual(refused('was "4096" already'));
  });

  test.each<readonly [string, ToldFacts, ToldFacts, string]>([
    [
      'another value came out',
      { 'temp.filesystem': 'ext4' },
      { 'temp.filesystem': 'xfs' },
      'was to be "tmpfs", and is "xfs"',
    ],
    [
      'nothing was changed',
      { 'temp.filesystem': 'ext4' },
      { 'temp.filesystem': 'ext4' },
      'was to be "tmpfs", and is "ext4"',
    ],
    [
      'it was so before',
      { 'temp.filesystem': 'tmpfs' },
      { 'temp.filesystem': 'tmpfs' },
      'was "tmpfs" already',
    ],
    ['it was told before and is withheld now', { 'temp.filesystem': 'ext4' }, {}, 'was not told'],
    [
      'it was withheld before',
      {},
      { 'temp.filesystem': 'tmpfs' },
      'was not told in the round that split',
    ],
    ['it was withheld both times', {}, {}, 'was not told'],
  ])('tells nothing where %s', (_, before, after, because) => {
    for (const stayed of [true, false]) {
      expect(judged(before, after, TMPFS, stayed)).toEqual(refused('"temp.filesystem" ', because));
    }
  });

  test('tells nothing where a fact is asked to be missing: that is no value', () => {
    const change = { fact: 'os.wsl', to: null };
    expect(judged({ 'os.wsl': 'WSL2' }, {}, change)).toEqual(refused('was not told'));
  });

  test('tells nothing where facts of something else moved, and says which', () => {
    const before = { ...MACHINE, 'temp.filesystem': 'ext4' };
    const after = { 'temp.filesystem': 'tmpfs', 'os.kernel': '6.9', 'cpu.count': 4 };
    expect(judged(before, after, TMPFS)).toEqual(refused('these facts moved: "os.kernel"'));
    expect(judged(before, { ...before, ...after, 'cpu.count': 2 }, TMPFS)).toEqual(
      refused('"cpu.count", "os.kernel"'),
    );
  });

  test('names the facts of the same thing that changed with it', () => {
    const before = { ...MACHINE, 'temp.filesystem': 'ext4', 'temp.block-size': 1024 };
    const after = { ...MACHINE, 'temp.filesystem': 'tmpfs', 'temp.block-size': 4096 };
    expect(judged(before, after, TMPFS)).toEqual(told(['temp.block-size']));
  });

  test('of a salted fact rules out nothing by bytes that stayed: who knows whether it was changed', () => {
    const change = { fact: 'machine.hostname', to: salted('3') };
    const [before, after] = ['1', '2'].map((digit) => ({ 'machine.hostname': salted(digit) }));
    expect(judged(before!, after!, change, true)).toEqual(refused('is salted'));
    expect(judged(before!, after!, change)).toEqual(told());
    expect(judged({}, after!, change)).toEqual(refused('was not told'));
    expect(judged(before!, {}, change)).toEqual(refused('was not told'));
  });

  test('takes a digest that everybody may read for what it is', () => {
    const change = { fact: 'container.image-digest', to: salted('3') };
    const [before, other] = ['1', '2'].map((digit) => ({
      'container.image-digest': salted(digit),
    }));
    expect(judged(before!, other!, change)).toEqual(refused('and is another value'));
    expect(judged(before!, { 'container.image-digest': salted('3') }, change, true)).toEqual(
      told(),
    );
  });
});

describe('a re-build with nothing changed', () => {
  test('tells something where the machine is as it was, but for what is never the same, which is named', () => {
    const after = { ...MACHINE, 'temp.free': 9, 'disk.cache.warm': true };
    expect(judged(MACHINE, after, null)).toEqual(told(['disk.cache.warm', 'temp.free']));
    expect(judged(MACHINE, MACHINE, null, true)).toEqual(told());
  });

  test('tells nothing where the machine is another one', () => {
    const because = refused('these facts moved: "os.kernel"');
    expect(judged(MACHINE, { ...MACHINE, 'os.kernel': '6.9' }, null)).toEqual(because);
    expect(judged(MACHINE, { ...MACHINE, 'os.kernel': '6.9' }, null, true)).toEqual(because);
  });

  test('takes a fact that is told on one side only for one that moved, and knows nothing of one that never is', () => {
    const silent = { 'cpu.count': 4 };
    expect(judged(MACHINE, silent, null)).toEqual(refused('"os.kernel"'));
    expect(judged(silent, MACHINE, null)).toEqual(refused('"os.kernel"'));
    expect(judged(silent, silent, null)).toEqual(told());
  });

  test('is not put off by salted facts, which are others in each round', () => {
    const named = (digit: string) => ({ ...MACHINE, 'user.name': salted(digit) });
    expect(judged(named('1'), named('2'), null)).toEqual(told());
    const image = (digit: string) => ({ ...MACHINE, 'container.image-digest': salted(digit) });
    expect(judged(image('1'), image('2'), null)).toEqual(refused('"container.image-digest"'));
  });
});
