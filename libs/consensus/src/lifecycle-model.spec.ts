import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { ARTIFACT, built } from './ballot.fixture.js';
import { ConsensusError } from './error.js';
import { OPENED, applyEntry, isReadyToClose, isReadyToDecide, standingsOf } from './round.js';
import type { RoundEntry, RoundState } from './round.js';

const BUILDERS = ['a', 'b', 'c', 'd'];

/** A coordinator in small: a wire on which anything may happen, a log, and what is made of it. */
interface Real {
  state: RoundState;
  readonly log: RoundEntry[];
}

/** What a person with paper and pencil keeps of the same round. */
interface Model {
  isBlind: boolean;
  phase: 'open' | 'revealing' | 'final';
  readonly invited: string[];
  /** Letters in flight: `commit a x`, `reveal a x`, `reveal a x of b`. */
  readonly wire: string[];
  readonly committed: Record<string, string>;
  readonly shown: Record<string, string>;
  readonly late: string[];
}

type Command = fc.Command<Model, Real>;

function entryOf(letter: string): RoundEntry {
  const [kind, builder = '', value = '', , of = builder] = letter.split(' ');
  const commitment = sha256(`${of} ${value}`);
  return kind === 'commit'
    ? { kind, builder, commitment }
    : { kind: 'reveal', commitment, claim: built(builder, { [ARTIFACT]: sha256(value) }) };
}

/** Offers an entry to the log, and tells whether it was taken. */
function offer(real: Real, entry: RoundEntry): boolean {
  try {
    real.state = applyEntry(real.state, entry);
  } catch (error) {
    if (!(error instanceof ConsensusError)) throw error;
    return false;
  }
  real.log.push(entry);
  return true;
}

/** The rules in plain words. Gives whether the log takes the letter. */
function read(model: Model, letter: string): boolean {
  const [kind, builder = '', value = '', , of = builder] = letter.split(' ');
  if (kind === 'commit') {
    if (builder in model.committed) return true;
    if (model.phase === 'open') model.committed[builder] = value;
    else if (model.phase === 'revealing' && !model.late.includes(builder)) model.late.push(builder);
    return true;
  }
  if (model.phase === 'open' && model.isBlind) return false;
  const isOwn = of === builder && model.committed[builder] === value;
  if (model.phase !== 'final' && isOwn) model.shown[builder] ??= value;
  return true;
}

function compare(model: Model, { state, log }: Real): void {
  // A restart at this very step.
  expect(log.reduce(applyEntry, { ...OPENED, isBlind: model.isBlind })).toEqual(state);
  expect(state.phase).toBe(model.phase);
  expect(Object.fromEntries(state.commits)).toEqual(
    Object.fromEntries(
      Object.entries(model.committed).map(([builder, value]) => [
        builder,
        sha256(`${builder} ${value}`),
      ]),
    ),
  );
  expect([...state.late].toSorted()).toEqual(model.late.toSorted());
  for (const [builder, { kind }] of standingsOf(state, model.invited)) {
    const hasCommitted = builder in model.committed;
    if (builder in model.shown) expect(kind).toBe('said');
    else if (model.phase === 'open') expect(kind).toBe('outstanding');
    else if (!hasCommitted) expect(kind).toBe('absent');
    else expect(kind).toBe(model.phase === 'revealing' ? 'outstanding' : 'unrevealed');
  }
  expect(isReadyToClose(state, model.invited)).toBe(
    model.phase === 'open' && model.invited.every((builder) => builder in model.committed),
  );
  expect(isReadyToDecide(state)).toBe(
    model.phase === 'revealing' &&
      Object.keys(model.committed).every((builder) => builder in model.shown),
  );
}

function command(name: string, run: (model: Model, real: Real) => void): Command {
  return {
    check: () => true,
    run: (model, real) => {
      run(model, real);
      compare(model, real);
    },
    toString: () => name,
  };
}

const builderArb = fc.constantFrom(...BUILDERS);
const valueArb = fc.constantFrom('x', 'y');
const placeArb = fc.nat({ max: 30 });
const onWire = (what: string, run: (wire: string[], at: number) => void): fc.Arbitrary<Command> =>
  placeArb.map((place) =>
    command(`${what} ${place}`, ({ wire }) => {
      if (wire.length > 0) run(wire, place % wire.length);
    }),
  );

const commandArbs: fc.Arbitrary<Command>[] = [
  fc
    .tuple(fc.constantFrom('commit', 'reveal'), builderArb, valueArb)
    .map(([kind, builder, value]) =>
      command(`send ${kind} ${builder} ${value}`, ({ wire }) => {
        wire.push(`${kind} ${builder} ${value}`);
      }),
    ),
  fc.tuple(builderArb, valueArb, builderArb).map(([builder, value, of]) =>
    command(`send reveal ${builder} ${value} of ${of}`, ({ wire }) => {
      wire.push(`reveal ${builder} ${value} of ${of}`);
    }),
  ),
  onWire('duplicate', (wire, at) => wire.push(wire[at]!)),
  onWire('lose', (wire, at) => wire.splice(at, 1)),
  onWire('delay', (wire, at) => wire.push(...wire.splice(at, 1))),
  ...Array.from({ length: 3 }, () =>
    placeArb.map((place) =>
      command(`deliver ${place}`, (model, real) => {
        const [letter] = model.wire.splice(place % (model.wire.length || 1), 1);
        if (letter === undefined) return;
        const isTaken = offer(real, entryOf(letter));
        expect(isTaken).toBe(read(model, letter));
      }),
    ),
  ),
  builderArb.map((builder) =>
    command(`amend ${builder}`, (model, real) => {
      expect(offer(real, { kind: 'amend' })).toBe(model.phase === 'open');
      if (model.phase === 'open' && !model.invited.includes(builder)) model.invited.push(builder);
    }),
  ),
  fc.constant(
    command('close', (model, real) => {
      expect(offer(real, { kind: 'close' })).toBe(model.phase === 'open');
      if (model.phase === 'open') model.phase = 'revealing';
    }),
  ),
  fc.constant(
    command('verdict', (model, real) => {
      expect(offer(real, { kind: 'verdict' })).toBe(model.phase === 'revealing');
      if (model.phase === 'revealing') model.phase = 'final';
    }),
  ),
];

test('a round goes as a naive model has it, whatever is repeated, lost, reordered, late, forged or restarted', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.commands(commandArbs, { maxCommands: 60, size: 'max' }),
      (isBlind, commands) => {
        fc.modelRun(
          () => ({
            model: {
              ...{ isBlind, phase: 'open' as const, invited: ['a', 'b'], wire: [] },
              ...{ committed: {}, shown: {}, late: [] },
            },
            real: { state: { ...OPENED, isBlind }, log: [] },
          }),
          commands,
        );
      },
    ),
    { numRuns: 400 },
  );
});
