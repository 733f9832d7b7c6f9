import { describe, expect, test } from 'vitest';
import { reportMarkdown } from './markdown.js';
import { seedSplit } from './report.fixture.js';
import { Report } from './report.js';
import { reportTerminal } from './terminal.js';

const sample = seedSplit();
const [first, second, third] = sample.builders as [
  (typeof sample.builders)[0],
  (typeof sample.builders)[0],
  (typeof sample.builders)[0],
];
const reasoned = {
  builder: first.builder,
  operator: first.operator,
  reason: 'counts for operators=3',
};

/** A round that asked for three operators: one declined, one vanished, one is suspect. */
const report = Report.parse({
  ...sample,
  round: {
    ...sample.round,
    choice: {
      ...{ ask: { operators: 3 }, text: 'operators=3', taken: [reasoned], left: [], leftCount: 4 },
      replacements: [
        {
          ...{ builder: second.builder, operator: second.operator, because: 'declined' },
          ...{ at: '2026-01-01T00:00:00.000Z', by: [reasoned], note: null },
        },
        {
          ...{ builder: third.builder, operator: third.operator, because: 'vanished' },
          ...{ at: '2026-01-01T00:00:00.000Z', by: [], note: 'nobody is left' },
        },
      ],
    },
  },
  builders: [
    {
      ...first,
      calibration: { outcome: 'suspect', round: null, at: null, differs: [] },
    },
    { ...second, state: 'declined', declined: 'busy' },
    { ...third, state: 'waiting', hasVanished: true },
    ...sample.builders.slice(3),
  ],
});

describe.each([
  ['a terminal', reportTerminal(report, { color: false })],
  ['a forum', reportMarkdown(report).replaceAll('\\', '')],
])('for %s', (_where, text) => {
  test('a choice is one line: what was asked, who was chosen, who came instead', () => {
    const line = text.split('\n').find((one) => one.includes('asked for'));
    expect(line).toContain(`asked for operators=3: ${first.operator} were chosen, 1 of 5 builders`);
    expect(line).toContain(`${second.operator} declined, and ${first.operator} came instead`);
    expect(line).toContain(`${third.operator} vanished, and nobody came instead: nobody is left`);
  });

  test('builders that declined, vanished or are suspect are told from others', () => {
    expect(text).toMatch(new RegExp(`${first.operator}.*suspect this machine first`));
    expect(text).toMatch(new RegExp(`${second.operator}.*declined.*busy`));
    expect(text).toMatch(new RegExp(`${third.operator}.*waiting.*vanished`));
    expect(text.match(/suspect this machine/g)).toHaveLength(1);
  });
});

test('a calibration says that it is one', () => {
  const calibration = { round: 'ab'.repeat(32), builder: first.builder };
  const trial = { ...sample, artifacts: [], round: { ...sample.round!, calibration } };
  expect(reportTerminal(trial, { color: false })).toContain('a calibration without a verdict');
  expect(reportMarkdown(trial)).toContain('a calibration without a verdict');
});
