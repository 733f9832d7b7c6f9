import { describe, expect, test } from 'vitest';
import { VERDICTS } from '#libs/consensus';
import { reportMarkdown } from './markdown.js';
import { GUEST, seedSplit } from './report.fixture.js';
import { reportTerminal } from './terminal.js';
import type { ArtifactReport } from './verdict.js';
import { workOf, workWords } from './work.js';

const SAID = 'claimed, not shown';
const guest = seedSplit().artifacts.find(({ name }) => name === GUEST)!;
const shown: ArtifactReport = { ...guest, flags: ['work-shown'] };

describe('“claimed, not shown”', () => {
  test('is said of what was reproduced by builders that did not show their work', () => {
    expect([workOf([guest]), workWords(guest)]).toEqual([
      [{ artifact: GUEST, work: SAID }],
      ` (${SAID})`,
    ]);
    expect([workOf([shown]), workWords(shown)]).toEqual([[{ artifact: GUEST, work: 'shown' }], '']);
  });

  test('is not said of anything that was not reproduced', () => {
    for (const verdict of VERDICTS.filter((each) => each !== 'reproduced')) {
      expect([workOf([{ ...guest, verdict }]), workWords({ ...guest, verdict })]).toEqual([[], '']);
    }
  });

  test('stands beside the artifact in every form of a report', () => {
    for (const [artifact, is] of [
      [guest, true],
      [shown, false],
    ] as const) {
      const report = { ...seedSplit(), artifacts: [artifact] };
      expect(reportMarkdown(report).includes(`**reproduced** (${SAID})`)).toBe(is);
      expect(reportTerminal(report, { color: false }).includes(`(${SAID})`)).toBe(is);
    }
  });
});
