import type { Result } from '#libs/attestation';
import type { Calibration } from '#libs/contracts';
import { separators, type FactValue, type Observation } from '#libs/divergence';
import { toldFacts } from '../explanations/split-artifacts.js';
import { isSalted } from '../explanations/moved-facts.js';
import type { CalibrationReference, ReproducedArtifact } from './calibration-reference.js';

const OTHERS = 'others';
const OWN = 'own';
const MAX_DIFFERS = 200;
const MAX_CHARACTERS = 200;

/** How a builder did, and in which facts its machine is like none that did better. */
export type Compared = Pick<Calibration, 'outcome' | 'differs'>;

/**
 * Holds what a builder built against those who reproduced it. Without a result nothing was measured.
 * One artifact with other bytes makes it suspect, however many came out right.
 */
export function compareCalibration(
  builder: string,
  result: Result | undefined,
  { artifacts }: Pick<CalibrationReference, 'artifacts'>,
): Compared {
  if (result === undefined) return { outcome: 'none', differs: [] };
  if (result.kind === 'failed') return { outcome: 'failed', differs: [] };
  const digests = new Map(result.outputs.map(({ name, sha256 }) => [name, sha256]));
  const wrong = artifacts.filter(({ name, digest }) => {
    const own = digests.get(name);
    return own !== undefined && own !== digest;
  });
  const [first] = wrong;
  if (first !== undefined) {
    return { outcome: 'suspect', differs: [...differences(builder, result, first)] };
  }
  // An image that is missing was not rebuilt, and nothing can be said of it.
  const isWhole = artifacts.every(({ name }) => digests.has(name));
  return { outcome: isWhole ? 'passed' : 'failed', differs: [] };
}

/** The facts that part this machine from all that got the right bytes, the more telling ones first. */
function differences(
  builder: string,
  own: Result,
  { matching }: ReproducedArtifact,
): Calibration['differs'] {
  const others = matching
    .filter((one) => one.builder !== builder)
    .map(({ builder: id, operator, result }): Observation => ({
      ...{ builder: id, operator, cluster: OTHERS, facts: comparable(result) },
    }));
  if (others.length === 0) return [];
  const { groups } = separators([...others, { builder, cluster: OWN, facts: comparable(own) }]);
  return groups
    .filter(({ isPerfect }) => isPerfect)
    .flatMap(({ facts }) => facts)
    .slice(0, MAX_DIFFERS)
    .map(({ name, values: [ofOthers = [], ofOwn = []] }) => ({
      ...{ fact: name, own: textOf(ofOwn), others: textOf(ofOthers) },
    }));
}

/** What left its machine as a salted digest is another value in each round, on every machine. */
function comparable(result: Result): Readonly<Record<string, FactValue>> {
  const told = Object.entries(toldFacts(result)).filter(([name, value]) => !isSalted(name, value));
  return Object.fromEntries(told);
}

function textOf(values: readonly FactValue[]): string {
  return values.map(String).join(', ').slice(0, MAX_CHARACTERS);
}
