import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256, toBase64 } from '#libs/encoding';
import { givesVerdict } from './calibration.js';
import { readRoundOpen, roundOpenStatement, type RoundOpen } from './round-open.js';
import { ALICE, BOB, ROUND_OPEN } from './sample.fixture.js';
import { parseStatement, type Statement } from './statement.js';

const calibration = { round: sha256('reproduced'), builder: ALICE.id };
const listed = ({ id, publicKey }: typeof ALICE): { builder: string; publicKey: string } => ({
  builder: id,
  publicKey: toBase64(publicKey),
});
const alone = [{ operator: 'alice', builders: [listed(ALICE)] }];
const sent = (over: Partial<RoundOpen>): Statement =>
  parseStatement(Buffer.from(canonicalJson(roundOpenStatement({ ...ROUND_OPEN, ...over }))));

describe('a RoundOpen of a calibration', () => {
  test('comes back as it was, and gives no verdict', () => {
    const open = readRoundOpen(sent({ calibration, roster: alone }));
    expect(open.calibration).toEqual(calibration);
    expect(givesVerdict(open)).toBe(false);
    expect(givesVerdict(ROUND_OPEN)).toBe(true);
  });

  test.each<[string, RoundOpen['roster']]>([
    ['another builder', [{ operator: 'bob', builders: [listed(BOB)] }]],
    ['a second builder', [{ operator: 'a', builders: [listed(ALICE), listed(BOB)] }]],
    ['a second operator', [...alone, { operator: 'bob', builders: [listed(BOB)] }]],
  ])('that invites %s is refused', (_who, roster) => {
    expect(() => readRoundOpen(sent({ calibration, roster }))).toThrow(
      expect.objectContaining({ code: 'WRONG_BUILDER' }),
    );
  });

  test('that is an experiment as well is refused', () => {
    const experiment = { ...calibration, artifact: 'guestos/update-img', change: null };
    expect(() => readRoundOpen(sent({ calibration, experiment, roster: alone }))).toThrow(
      expect.objectContaining({ code: 'MALFORMED_STATEMENT' }),
    );
  });
});
