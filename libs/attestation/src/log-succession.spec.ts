import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256 } from '#libs/encoding';
import { logSuccessionStatement, readLogSuccession, type LogSuccession } from './log-succession.js';
import { roundCloseStatement } from './round-close.js';
import { ROUND_CLOSE } from './sample.fixture.js';
import { parseStatement, type Statement } from './statement.js';

const SUCCESSION: LogSuccession = {
  origin: 'quorum.example/log/2',
  predecessor: {
    origin: 'quorum.example/log',
    vkey: 'quorum.example/log+0a0b0c0d+AQ==',
    checkpoint: 'quorum.example/log\n7\nAAAA\n\n— quorum.example/log BBBB\n',
  },
  reason: 'the disk and every copy were lost',
  succeededAt: '2026-09-10T04:00:00.000Z',
};
const sent = (statement: Statement): Statement =>
  parseStatement(Buffer.from(canonicalJson(statement)));
const refused = (code: string): unknown => expect.objectContaining({ code });
const made = (over: Partial<LogSuccession>): Statement =>
  sent(logSuccessionStatement({ ...SUCCESSION, ...over }));

describe('a succession of logs', () => {
  test('comes back as it was, with the note byte for byte', () => {
    expect(readLogSuccession(made({}))).toEqual(SUCCESSION);
  });

  test('is about the note that it names', () => {
    const [subject] = made({}).subject;
    expect(subject).toEqual({
      name: 'log/quorum.example/log',
      digest: { sha256: sha256(SUCCESSION.predecessor.checkpoint) },
    });
    const other = [{ name: 'log/x', digest: { sha256: sha256('another note') } }];
    expect(() => readLogSuccession({ ...made({}), subject: other })).toThrow(
      refused('MALFORMED_STATEMENT'),
    );
  });

  test('of a log by itself is refused: that would be a fork', () => {
    const own = made({ origin: SUCCESSION.predecessor.origin });
    expect(() => readLogSuccession(own)).toThrow(refused('MALFORMED_STATEMENT'));
  });

  test.each([
    ['no reason', { reason: '' }],
    ['a reason of two lines', { reason: 'one\ntwo' }],
    ['no note', { predecessor: { ...SUCCESSION.predecessor, checkpoint: '' } }],
    ['no time', { succeededAt: 'yesterday' }],
  ])('with %s is refused', (_what, over) => {
    expect(() => readLogSuccession(made(over))).toThrow(refused('MALFORMED_STATEMENT'));
  });

  test('is nothing else', () => {
    expect(() => readLogSuccession(sent(roundCloseStatement(ROUND_CLOSE)))).toThrow(
      refused('WRONG_KIND'),
    );
  });
});
