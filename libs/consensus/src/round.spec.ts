import { describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { ARTIFACT, DIGESTS, built } from './ballot.fixture.js';
import {
  OPENED,
  applyEntry,
  isReadyToClose,
  isReadyToDecide,
  standingsOf,
  type RoundEntry,
  type RoundState,
} from './round.js';

const close: RoundEntry = { kind: 'close' };
const verdict: RoundEntry = { kind: 'verdict' };
const commit = (builder: string, to = builder): RoundEntry => ({
  kind: 'commit',
  builder,
  commitment: sha256(to),
});
const reveal = (builder: string, of = builder): RoundEntry => ({
  kind: 'reveal',
  commitment: sha256(of),
  claim: built(builder, { [ARTIFACT]: DIGESTS.x }),
});
const after = (...entries: readonly RoundEntry[]): RoundState => entries.reduce(applyEntry, OPENED);
const standing = (state: RoundState, builder: string): string =>
  standingsOf(state, [builder]).get(builder)?.kind ?? 'unknown';
const forbidden: unknown = expect.objectContaining({ code: 'FORBIDDEN_TRANSITION' });

describe('a builder stands', () => {
  test.each([
    ['outstanding', 'that has not committed yet', []],
    ['outstanding', 'that committed, before the close', [commit('a')]],
    ['outstanding', 'that committed, until the verdict', [commit('a'), close]],
    ['absent', 'that did not commit before the close', [close]],
    ['absent', 'that committed late', [close, commit('a')]],
    ['said', 'that revealed', [commit('a'), close, reveal('a')]],
    ['unrevealed', 'that did not reveal before the verdict', [commit('a'), close, verdict]],
    ['unrevealed', 'that revealed too late', [commit('a'), close, verdict, reveal('a')]],
  ] as const)('%s %s', (kind, _when, entries) => {
    expect(standing(after(...entries), 'a')).toBe(kind);
  });
});

describe('a commit', () => {
  test('binds: the first one holds, a second one changes nothing', () => {
    const state = after(commit('a', 'first'), commit('a', 'second'));
    expect([...state.commits]).toEqual([['a', sha256('first')]]);
    expect(standing(after(commit('a', 'first'), commit('a'), close, reveal('a')), 'a')).toBe(
      'outstanding',
    );
  });

  test('after the close is late and opens nothing', () => {
    const state = after(close, commit('a'), reveal('a'));
    expect([...state.late]).toEqual(['a']);
    expect(state.claims.size).toBe(0);
  });

  test('after the verdict changes nothing: a verdict cannot name who comes after it', () => {
    const final = after(commit('a'), close, commit('b'), verdict);
    expect(applyEntry(final, commit('c'))).toEqual(final);
    expect(applyEntry(final, commit('b', 'other'))).toEqual(final);
    expect([...final.late]).toEqual(['b']);
  });

  test('after the close does not make late who had committed before', () => {
    expect([...after(commit('a'), close, commit('a', 'other')).late]).toEqual([]);
  });
});

describe('a reveal', () => {
  test('before the close is refused: it would tell the others what to commit to', () => {
    expect(() => after(commit('a'), reveal('a'))).toThrow(forbidden);
  });

  test('opens only its own builder’s commit', () => {
    expect(after(commit('a'), close, reveal('b', 'a')).claims.size).toBe(0);
    expect(after(commit('a'), close, reveal('a', 'other')).claims.size).toBe(0);
    expect([...after(commit('a'), close, reveal('a')).claims.keys()]).toEqual(['a']);
  });

  test('counts once', () => {
    const once = after(commit('a'), close, reveal('a'));
    expect(applyEntry(once, reveal('a'))).toEqual(once);
  });

  test('that opens a commit already opened changes nothing, whatever it says', () => {
    const once = after(commit('a'), close, reveal('a'));
    const claim = built('a', { [ARTIFACT]: DIGESTS.y });
    expect(applyEntry(once, { kind: 'reveal', commitment: sha256('a'), claim })).toEqual(once);
  });

  test('after the verdict changes nothing, of whatever commit', () => {
    const final = after(commit('a'), close, verdict);
    expect(applyEntry(final, reveal('a'))).toEqual(final);
    expect(applyEntry(applyEntry(final, commit('b')), reveal('b'))).toEqual(final);
  });
});

describe('a round that is not blind', () => {
  const shown: RoundState = { ...OPENED, isBlind: false };
  const play = (...entries: readonly RoundEntry[]): RoundState => entries.reduce(applyEntry, shown);

  test('takes results before its close, each after its commit', () => {
    expect([...play(commit('a'), reveal('a')).claims.keys()]).toEqual(['a']);
    expect(play(reveal('a'), commit('a')).claims.size).toBe(0);
    expect(standing(play(commit('a'), reveal('a')), 'a')).toBe('said');
  });

  test('is ready to decide with its close when everything was shown before', () => {
    expect(isReadyToDecide(play(commit('a'), reveal('a'), close))).toBe(true);
    expect(isReadyToDecide(play(commit('a'), close))).toBe(false);
  });
});

describe('builders are added', () => {
  test('to an open round, which then waits for them', () => {
    const state = after(commit('a'), { kind: 'amend' });
    expect(isReadyToClose(state, ['a', 'b'])).toBe(false);
    expect(isReadyToClose(applyEntry(state, commit('b')), ['a', 'b'])).toBe(true);
  });

  test.each([
    ['closed', [close]],
    ['final', [close, verdict]],
  ] as const)('to none that is %s', (_, entries) => {
    expect(() => applyEntry(after(...entries), { kind: 'amend' })).toThrow(forbidden);
  });
});

describe('there is no second', () => {
  test.each([
    ['close', [close, close]],
    ['close after the verdict', [close, verdict, close]],
    ['verdict', [close, verdict, verdict]],
  ] as const)('%s', (_what, entries) => {
    expect(() => after(...entries)).toThrow(forbidden);
  });

  test('way around the close', () => {
    expect(() => after(commit('a'), verdict)).toThrow(forbidden);
  });
});

describe('a round', () => {
  test('is ready to close when everyone invited has committed, and not again', () => {
    expect(isReadyToClose(after(commit('a')), ['a', 'b'])).toBe(false);
    expect(isReadyToClose(after(commit('a'), commit('b')), ['a', 'b'])).toBe(true);
    expect(isReadyToClose(after(commit('a'), commit('b'), close), ['a', 'b'])).toBe(false);
  });

  test('is ready to decide when every counted commit is revealed, and not again', () => {
    const committed = [commit('a'), commit('b'), close] as const;
    expect(isReadyToDecide(after(commit('a')))).toBe(false);
    expect(isReadyToDecide(after(...committed, reveal('a')))).toBe(false);
    expect(isReadyToDecide(after(...committed, reveal('a'), reveal('b')))).toBe(true);
    expect(isReadyToDecide(after(...committed, reveal('a'), reveal('b'), verdict))).toBe(false);
    expect(isReadyToDecide(after(close))).toBe(true);
    expect(isReadyToDecide(after(commit('a'), close, commit('c'), reveal('a')))).toBe(true);
  });

  test('is never changed in place: a state that somebody holds stays what it was', () => {
    const before = after(commit('a'), close);
    applyEntry(before, reveal('a'));
    applyEntry(before, commit('b'));
    expect(before).toEqual(after(commit('a'), close));
    expect(OPENED.commits.size + OPENED.late.size + OPENED.claims.size).toBe(0);
  });
});
