import { describe, expect, test } from 'vitest';
import { DEFECTS, type Defect } from '../world/ic-mini/defects.js';
import { fiveBuilders } from './five-builders.js';
import { PAIRED_RELEASES, SPLIT_RELEASES, TWO_SUSPECTS } from './releases.js';
import { TRUTHS, truthsOf } from './truth.js';

const facts = (temp: string, ram: number) => ({ 'temp.filesystem': temp, 'memory.ram': ram });
const measured = {
  left: { digest: 'a', facts: facts('ext4', 1) },
  right: { digest: 'b', facts: facts('tmpfs', 2) },
};

describe('the ground truth', () => {
  test('is told of every defect that changes bytes', () => {
    const failing = ['unchecked-copy'];
    expect(Object.keys(TRUTHS)).toEqual(
      Object.keys(DEFECTS).filter((defect) => !failing.includes(defect)),
    );
  });

  test('is held against every defect alone, and beside another one in the same image', () => {
    const releases = [...SPLIT_RELEASES, ...PAIRED_RELEASES, TWO_SUSPECTS];
    const images = releases.flatMap(({ defects }): readonly Defect[][] => [
      [...(defects.guestos ?? [])],
      [...(defects.hostos ?? [])],
    ]);
    const all = Object.keys(TRUTHS).sort();
    expect(images.flatMap((names) => (names.length === 1 ? names : [])).sort()).toEqual(all);
    const paired = images.flatMap((names) => (names.length > 1 ? names : []));
    expect([...new Set(paired)].sort()).toEqual(all);
  });
});

describe('five builders made of two', () => {
  test('keep what decides about their bytes, and nothing else', () => {
    const five = fiveBuilders(measured, truthsOf(['file-list']), 'seed');
    expect(five.map(({ cluster }) => cluster).join('')).toBe('abaab');
    const temps = five.map((each) => each.facts['temp.filesystem']);
    expect(temps).toEqual(['ext4', 'tmpfs', 'ext4', 'ext4', 'tmpfs']);
    expect(new Set(five.map((each) => each.facts['memory.ram'])).size).toBeGreaterThan(2);
  });

  test('have bytes of their own each where time or chance is in them', () => {
    const five = fiveBuilders(measured, truthsOf(['timestamp']), 'seed');
    expect(new Set(five.map(({ cluster }) => cluster)).size).toBe(5);
  });
});
