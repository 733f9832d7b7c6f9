import { describe, expect, test } from 'vitest';
import { FINDING_CODES, isDamning, type Audit, type FindingCode } from '#libs/evidence';
import { auditSteps } from './audit-steps.js';

const counted = { entries: 12, hasOwnRootKey: false };
const good: Audit = {
  ...{ outcome: 'satisfied', round: 'ab'.repeat(32), release: 'ic/abc', proposal: '138000' },
  ...{ origin: 'log.example', treeSize: 23, needed: 2, eligible: 3, artifacts: [], findings: [] },
  rules: [
    { rule: 'evidence', artifact: null, isKept: true, message: 'it fits', evidence: [] },
    { rule: 'decided', artifact: null, isKept: true, message: 'decided', evidence: [0, 7] },
    { rule: 'votes', artifact: 'guestos/update-img', isKept: true, message: 'so', evidence: [1] },
  ],
};
const found = (code: FindingCode) => ({ code, message: 'why', line: 3, index: 1 });
const statesOf = (audit: Audit) =>
  auditSteps(audit, counted).map(({ title, state }) => `${title}: ${state}`);

describe('the steps of an audit', () => {
  test('go from the file to the rules that were asked, and say what was not asked', () => {
    expect(statesOf(good)).toEqual([
      'The file is read: holds',
      'The log signed the checkpoint: holds',
      'Witnesses cosigned it: unasked',
      'Every entry is in the log: holds',
      'Every entry is signed: holds',
      'Each key was in force at its index: holds',
      'Commits came before the close, and results are what was committed to: holds',
      'The NNS certified the proposal: holds',
      'The coordinator’s verdict follows from the log: holds',
      'Your policy: decided: holds',
      expect.stringMatching(/^Your policy: votes, .*: holds$/) as string,
    ]);
  });

  test.each(FINDING_CODES)(
    'name %s where it belongs, and fail there where it is damning',
    (code) => {
      const steps = auditSteps({ ...good, findings: [found(code)] }, counted);
      const places = steps.filter(({ findings }) => findings.length > 0);
      expect(places.map(({ findings }) => findings)).toEqual([
        [{ code, message: 'why', where: 'line 3, log index 1', isDamning: isDamning({ code }) }],
      ]);
      expect(places[0]?.state === 'fails').toBe(isDamning({ code }));
    },
  );

  test('claim nothing of what could not be looked at', () => {
    const cut = {
      ...good,
      treeSize: null,
      release: null,
      proposal: null,
      rules: [],
      artifacts: [],
    };
    const wrongKey: Audit = { ...cut, findings: [found('checkpoint-wrong')] };
    expect(statesOf(wrongKey).filter((step) => step.endsWith(': holds'))).toEqual([
      'The file is read: holds',
      'Every entry is signed: holds',
    ]);
    const none: Audit = { ...cut, origin: null, findings: [found('not-a-bundle')] };
    expect(statesOf(none).filter((step) => step.endsWith(': holds'))).toEqual([]);
  });

  test('claim no inclusion where an entry could not be opened', () => {
    const bad: Audit = { ...good, findings: [found('signature-wrong')] };
    expect(statesOf(bad)).toContain('Every entry is in the log: unreached');
  });

  test('list twenty of what was found, and count the rest', () => {
    const many: Audit = {
      ...good,
      findings: Array.from({ length: 25 }, () => found('other-round')),
    };
    const [step] = auditSteps(many, counted).filter(({ findings }) => findings.length > 0);
    expect([step?.findings.length, step?.more]).toEqual([20, 5]);
  });
});
