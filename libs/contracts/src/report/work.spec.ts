import { describe, expect, test } from 'vitest';
import { VERDICTS } from '#libs/consensus';
import { workOf, workWords } from './work.js';
import { GUEST, seedSplit } from './report.fixture.js';
import { reportMarkdown } from './markdown.js';
import { reportTerminal } from './terminal.js';
import { ArtifactReport } from './verdict.js';

const SAID = 'claimed, not shown';
const guest = seedSplit().artifacts.find(({ name }) => name === GUEST)!;
const shown: ArtifactReport = { ...guest, flags: ['work-shown'] };

describe('“claimed, not shown”', () => {
  test('is said of what was reproduced by builders that did not show their work', () => {
    expect([workOf(guest), workWords(guest)]).toEqual([SAID, ` (${SAID})`]);
    expect([workOf(shown), workWords(shown)]).toEqual(['shown', '']);
  });

  test('is not said of anything that was not reproduced', () => {
    for (const verdict of VERDICTS.filter((each) => each !== 'reproduced')) {
      expect([workOf({ ...guest, verdict }), workWords({ ...guest, verdict })]).toEqual([
        undefined,
        '',
      ]);
    }
  });

  test('stands beside the artifact in every form of a report, also in one that was kept', () => {
    const kept = ArtifactReport.omit({ work: true }).parse(guest);
    for (const [artifact, is] of [
      [guest, true],
      [ArtifactReport.parse(kept), true],
      [shown, false],
    ] as const) {
      const report = { ...seedSplit(), artifacts: [artifact] };
      expect(reportMarkdown(report).includes(`**reproduced** (${SAID})`)).toBe(is);
      expect(reportTerminal(report, { color: false }).includes(`(${SAID})`)).toBe(is);
    }
  });
});
