import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256, toBase64 } from '#libs/encoding';
import type { Experiment } from './experiment.js';
import { readRoundOpen, roundOpenStatement, type RoundOpen } from './round-open.js';
import { ALICE, BOB, ROUND_OPEN } from './sample.fixture.js';
import { parseStatement, type Statement } from './statement.js';

const experiment: Experiment = {
  round: sha256('split'),
  artifact: 'guestos/update-img',
  builder: ALICE.id,
  change: { fact: 'locale.lang', from: 'de_DE.UTF-8', to: 'C.UTF-8' },
};
const listed = ({ id, publicKey }: typeof ALICE): { builder: string; publicKey: string } => ({
  builder: id,
  publicKey: toBase64(publicKey),
});
const alone = [{ operator: 'alice', builders: [listed(ALICE)] }];
const sent = (over: Partial<RoundOpen>): Statement =>
  parseStatement(Buffer.from(canonicalJson(roundOpenStatement({ ...ROUND_OPEN, ...over }))));

describe('a RoundOpen of an experiment', () => {
  test.each([experiment, { ...experiment, change: null }])('comes back as it was', (about) => {
    expect(readRoundOpen(sent({ experiment: about, roster: alone })).experiment).toEqual(about);
  });

  test.each<[string, RoundOpen['roster']]>([
    ['another builder', [{ operator: 'bob', builders: [listed(BOB)] }]],
    [
      'a second builder of the operator',
      [{ operator: 'a', builders: [listed(ALICE), listed(BOB)] }],
    ],
    ['a second operator', [...alone, { operator: 'bob', builders: [listed(BOB)] }]],
  ])('that invites %s is refused', (_who, roster) => {
    expect(() => readRoundOpen(sent({ experiment, roster }))).toThrow(
      expect.objectContaining({ code: 'WRONG_BUILDER' }),
    );
  });
});
