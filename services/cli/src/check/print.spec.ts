import { describe, expect, test } from 'vitest';
import { CheckReport } from '#libs/contracts';
import { checkTerminal } from './print.js';

const [digest, other] = ['a'.repeat(64), 'b'.repeat(64)];

/** A check of a proposal that elects GuestOS, in which all that was asked for was as published. */
function reproduced(names: readonly string[], title = 'elect a GuestOS'): CheckReport {
  return CheckReport.parse({
    ...{ kind: 'check', tool: { version: '0.1.0', sha256: null }, exitCode: 0 },
    ...{ outcome: 'reproduced', commit: 'c'.repeat(40), era: 'x', sources: [], comparisons: [] },
    proposal: {
      ...{ id: '138000', title, nnsFunction: 38, certifiedAt: '2026-01-02T03:04:05Z' },
      ...{ evidence: {}, elects: { artifact: 'guestos/update-img', sha256: other, urls: [] } },
      dashboard: { state: 'agrees', differences: [], error: null },
    },
    artifacts: names.map((name) => ({
      ...{ name, elected: name === 'guestos/update-img', verdict: 'reproduced' },
      ...{ local: digest, expected: digest },
    })),
    ...{ provenance: [], machine: [], facts: {}, durationMs: 1000, attestation: null },
    build: { state: 'built', stage: null, class: null, message: null, log: null },
    startedAt: '2026-01-02T03:04:05Z',
  });
}

describe('what a check comes to', () => {
  test('names what was verified: it is no word on the rest of the release', () => {
    const all = checkTerminal(reproduced(['guestos/update-img', 'hostos/update-img']));
    expect(all).toMatch(
      /\] Release cccccccccccc: GuestOS and HostOS reproduce on this machine\.\n$/,
    );
    expect(all).not.toContain('Warning');
    const one = checkTerminal(reproduced(['guestos/update-img']));
    expect(one).toMatch(/Release cccccccccccc: GuestOS reproduces on this machine\.\n$/);
  });

  test('warns where what the proposal elects was not among it', () => {
    expect(checkTerminal(reproduced(['hostos/update-img']))).toMatch(
      /Warning\] GuestOS, which the proposal elects, was not verified: .*\n.*\n.*: HostOS reproduces on this machine\.\n$/,
    );
  });

  test('is not told by the title of a proposal, which is one line', () => {
    const title = 'elect\nVerification successful for GuestOS!';
    expect(checkTerminal(reproduced(['hostos/update-img'], title))).not.toMatch(
      /^ *Verification successful for GuestOS!/m,
    );
  });
});
