import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyHistory, type KeyHistory } from './key-history.js';
import type { KeyRecord } from './key-record.js';
import {
  enrolled,
  quickSigner,
  revoked,
  rotated,
  signersFrom,
  type KeySigners,
  type Signed,
} from './key-records.fixture.js';
import type { RevocationReason } from './key-revocation.js';
import { keyStateAt } from './key-state.js';

/** What operator `op` says of set `set`; a rotation brings `next` to the builder of set `root`. */
type Act =
  | { readonly kind: 'enrol'; readonly op: number; readonly set: number }
  | {
      readonly kind: 'revoke';
      readonly op: number;
      readonly set: number;
      readonly reason: RevocationReason;
    }
  | {
      readonly kind: 'rotate';
      readonly op: number;
      readonly set: number;
      readonly next: number;
      readonly signs: boolean;
    };
interface Logged {
  readonly act: Act;
  readonly logIndex: number;
  readonly root: number;
}

const SETS = [0, 1, 2, 3] as const;
const operators = [quickSigner(200), quickSigner(201)] as const;
const sets: readonly KeySigners[] = SETS.map((at) => signersFrom(210 + 3 * at));
const thief = quickSigner(230);
const booty = signersFrom(240);
const set = (at: number): KeySigners => sets[at]!;

/** Says it all again by searching a list: no state, no cryptography. */
const model = {
  birth: (log: readonly Logged[], at: number) =>
    log.find(
      ({ act }) => (act.kind === 'rotate' ? act.next : act.set) === at && act.kind !== 'revoke',
    ),
  heir: (log: readonly Logged[], at: number) =>
    log.find(({ act }) => act.kind === 'rotate' && act.set === at),
  ends: (log: readonly Logged[], at: number) =>
    log.flatMap(({ act, logIndex }) =>
      act.kind === 'revoke' && act.set === at ? [{ logIndex, reason: act.reason }] : [],
    ),
  rootOf(log: readonly Logged[], at: number): number {
    const birth = this.birth(log, at);
    return birth?.act.kind === 'rotate' ? this.rootOf(log, birth.act.set) : at;
  },
  accepts(log: readonly Logged[], act: Act): boolean {
    if (act.kind === 'enrol') return this.birth(log, act.set) === undefined;
    if (this.birth(log, act.set)?.act.op !== act.op) return false;
    const reasons = this.ends(log, act.set).map(({ reason }) => reason);
    if (act.kind === 'revoke') {
      const isWorse = act.reason === 'compromised' && !reasons.includes('compromised');
      return reasons.length === 0 || isWorse;
    }
    return (
      this.birth(log, act.next) === undefined &&
      this.heir(log, act.set) === undefined &&
      !reasons.includes('retired') &&
      (act.signs || reasons.length > 0)
    );
  },
  run(acts: readonly Act[]): { all: Logged[]; accepted: Logged[] } {
    const all: Logged[] = [];
    const accepted: Logged[] = [];
    for (const [at, act] of acts.entries()) {
      const logged = { act, logIndex: 100 * (at + 1), root: this.rootOf(accepted, act.set) };
      all.push(logged);
      if (this.accepts(accepted, act)) accepted.push(logged);
    }
    return { all, accepted };
  },
  stateAt(log: readonly Logged[], at: number, logIndex: number): unknown {
    const past = log.filter((each) => each.logIndex <= logIndex);
    const birth = this.birth(past, at);
    if (birth === undefined) return ['unknown', null, null, 0];
    const owner = set(this.rootOf(past, at)).attestation.id;
    const [end] = this.ends(past, at);
    if (end !== undefined) return ['revoked', end.logIndex, owner, 0];
    const flags = this.ends(log, at).filter(({ reason }) => reason === 'compromised').length;
    const heir = this.heir(past, at);
    if (heir !== undefined) return ['rotated', heir.logIndex, owner, flags];
    return ['active', birth.logIndex, owner, flags];
  },
};

const made = new Map<string, Signed>();
/** Makes a statement once: signing is slow, and equal statements are equal bytes. */
function once(name: string, make: () => Signed): Signed {
  const signed = made.get(name) ?? make();
  made.set(name, signed);
  return signed;
}

function signedOf({ act, root }: Logged): Signed {
  const operator = operators[act.op]!;
  const builder = set(root).attestation.id;
  return once(JSON.stringify([act, root]), () => {
    switch (act.kind) {
      case 'enrol':
        return enrolled(operator, set(act.set));
      case 'rotate':
        return rotated(operator, set(act.set), set(act.next), { builder }, act.signs);
      case 'revoke':
        return revoked(operator, set(act.set), { builder, reason: act.reason });
    }
  });
}

/** What a thief of set 0 can have logged: with its keys, and with an operator's key of his own. */
const THEFTS: readonly (() => Signed)[] = [
  ...operators.flatMap((operator) =>
    [
      () => rotated(operator, set(0), booty),
      () => rotated(operator, set(0), set(1)),
      () => revoked(operator, set(0)),
      () => revoked(operator, set(1), { reason: 'retired' }),
      () => enrolled(operator, set(0), { validUntil: '2026-02-01T00:00:00Z' }),
    ].map((make) => () => ({ ...make(), signer: set(0).attestation })),
  ),
  () => enrolled(set(0).attestation, booty),
  () => rotated(set(0).attestation, set(0), booty),
  () => revoked(set(0).attestation, set(0)),
  () => enrolled(thief, set(0)),
  () => enrolled(thief, { ...booty, witness: set(0).witness }),
  () => enrolled(thief, { ...booty, nats: set(0).nats }),
  () => enrolled(thief, booty),
  () => rotated(thief, set(0), booty),
  () => rotated(thief, booty, set(0)),
  () => revoked(thief, set(0)),
];

const setArb = fc.constantFrom(...SETS);
const opArb = fc.constantFrom(0, 0, 0, 0, 1);
const actArb: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('enrol' as const), op: opArb, set: setArb }),
  fc.record({
    kind: fc.constant('revoke' as const),
    op: opArb,
    set: setArb,
    reason: fc.constantFrom('compromised', 'lost', 'retired', 'superseded'),
  }),
  {
    weight: 3,
    arbitrary: fc
      .record({
        kind: fc.constant('rotate' as const),
        op: opArb,
        set: setArb,
        next: setArb,
        signs: fc.boolean(),
      })
      .filter(({ set: old, next }) => old !== next),
  },
);
// Nobody can steal a key before it is there.
const actsArb = fc
  .array(actArb, { maxLength: 10 })
  .map((acts): Act[] => [{ kind: 'enrol', op: 0, set: 0 }, ...acts]);

const recordOf = ({ statement, signer }: Signed, logIndex: number): KeyRecord => ({
  logIndex,
  statement,
  signerKeyId: signer.keyId,
});
const USES = ['attestation', 'witness', 'nats'] as const;
const everywhere = <T>(upTo: number, look: (at: number, logIndex: number) => T): T[] =>
  SETS.flatMap((at) => Array.from({ length: upTo + 1 }, (_, step) => look(at, 100 * step)));

/** The three keys of a set live one life. */
function statesOf(history: KeyHistory, upTo: number): unknown[] {
  return everywhere(upTo, (at, index) =>
    USES.map((use) => {
      const standing = keyStateAt(history, set(at)[use].publicKey, index, null, use);
      const { state, logIndex, owner, flags } = standing;
      return [state, logIndex, owner?.builder ?? null, flags.length];
    }),
  );
}
function expected(accepted: readonly Logged[], upTo: number): unknown[] {
  return everywhere(upTo, (at, index) => USES.map(() => model.stateAt(accepted, at, index)));
}

test('every key is at every log index what the naive model says', () => {
  fc.assert(
    fc.property(actsArb, (acts) => {
      const { all, accepted } = model.run(acts);
      const history = keyHistory(all.map((each) => recordOf(signedOf(each), each.logIndex)));
      expect(statesOf(history, acts.length)).toEqual(expected(accepted, acts.length));
      const refused = all.filter((each) => !accepted.includes(each));
      expect(history.findings.map(({ logIndex }) => logIndex)).toEqual(
        refused.map(({ logIndex }) => logIndex),
      );
    }),
    { numRuns: 60 },
  );
});

test('a history that is continued record by record is the one that is read at once', () => {
  fc.assert(
    fc.property(actsArb, (acts) => {
      const records = model.run(acts).all.map((each) => recordOf(signedOf(each), each.logIndex));
      const grown = records.reduce<KeyHistory[]>(
        (steps, record) => [...steps, keyHistory([record], steps.at(-1))],
        [keyHistory([])],
      );
      expect(grown.at(-1)).toEqual(keyHistory(records));
      // What was continued stays what it was.
      const at = Math.floor(records.length / 2);
      expect(grown[at]).toEqual(keyHistory(records.slice(0, at)));
    }),
    { numRuns: 30 },
  );
});

test('neither replays in any order nor a thief’s records change the state of an honest key', () => {
  const insertArb = fc.record({
    after: fc.nat(),
    what: fc.oneof(
      fc.record({ replay: fc.nat() }),
      fc.record({ theft: fc.nat({ max: THEFTS.length - 1 }) }),
    ),
  });
  fc.assert(
    fc.property(actsArb, fc.array(insertArb, { maxLength: 12 }), (acts, inserts) => {
      const { accepted } = model.run(acts);
      const honest = accepted.map((each) => recordOf(signedOf(each), each.logIndex));
      const inserted = inserts.map(({ after, what }, at) => {
        const place = after % accepted.length;
        const signed =
          'theft' in what
            ? once(`theft ${what.theft}`, THEFTS[what.theft]!)
            : // Only what was said before can be said again.
              signedOf(accepted[what.replay % (place + 1)]!);
        return recordOf(signed, accepted[place]!.logIndex + 1 + at);
      });
      const log = [...honest, ...inserted].toSorted((a, b) => a.logIndex - b.logIndex);
      const history = keyHistory(log);
      expect(statesOf(history, acts.length)).toEqual(expected(accepted, acts.length));
      const found = history.findings.filter(({ logIndex }) => logIndex % 100 === 0);
      expect(found).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
