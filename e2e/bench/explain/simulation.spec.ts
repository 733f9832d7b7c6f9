import { describe, expect, it } from 'vitest';
import { seededChance } from '#libs/divergence';
import { falseAlarms, falseAlarmsOfHabit, found } from './simulation.js';

describe('explanations of simulated rounds', () => {
  it('explain nothing where no fact has a say', () => {
    expect(falseAlarms(150, seededChance(1)).hits).toBeLessThanOrEqual(2);
  });

  it('explain nothing where the same machines split in the same way in every round', () => {
    expect(falseAlarmsOfHabit(60, seededChance(2)).hits).toBeLessThanOrEqual(1);
  });

  it('have the cause in the first group', () => {
    const wanted = { fewest: 8, most: 20, smallestSide: 1, rounds: 100 };
    const share = found(wanted, 'isFirst', seededChance(3)).get('in any way');
    expect(share?.hits).toBeGreaterThanOrEqual(93);
  });

  it('name the cause where twenty builders split seven to thirteen, or more evenly', () => {
    const wanted = { fewest: 20, most: 20, smallestSide: 7, rounds: 60 };
    const share = found(wanted, 'isRight', seededChance(4)).get('in any way');
    expect(share?.hits).toBeGreaterThanOrEqual(56);
  });
});
