import { describe, expect, test } from 'vitest';
import type { ExplanationReport, NotToldReport } from './explanation.js';
import { comparedSentence, conclusionWords } from './explanation-words.js';

const digestOf = (letter: string): string => letter.repeat(64);

/** Four clusters of one builder each, `a` to `d`. */
function explanation(extra: Partial<ExplanationReport>): ExplanationReport {
  return {
    ...{ artifact: 'guestos/update-img', factsTried: 0, separators: [], findings: [] },
    clusters: ['a', 'b', 'c', 'd'].map((name) => ({ digest: digestOf(name), builders: [name] })),
    ...{ suspicions: [], conclusion: 'explained', next: null, paragraph: '' },
    ...{ compared: [], unseen: [], firstAffected: null },
    ...extra,
  };
}

function notTold(extra: Partial<NotToldReport>): NotToldReport {
  return { files: 0, parts: 0, untold: 0, unlisted: 0, truncated: false, ...extra };
}

describe('clusters that the conclusion is not about', () => {
  const pairs = [
    { left: 'b', right: 'c' },
    { left: 'a', right: 'd' },
  ];

  test('were seen where they hang apart from the others', () => {
    const apart = explanation({ compared: pairs, unseen: [digestOf('a'), digestOf('d')] });
    expect(comparedSentence(apart)).toBe(
      'Compared, left with right: B with C, A with D. ' +
        'Of 2 clusters bytes were held against each other alone, not the others’.',
    );
    expect(conclusionWords(apart)).toBe('explained, not all results held against each other');
  });

  test('were not seen where no pair has them', () => {
    const away = explanation({
      ...{ compared: [{ left: 'a', right: 'b' }], unseen: [digestOf('c'), digestOf('d')] },
    });
    expect(comparedSentence(away)).toContain('Of 2 clusters no bytes were seen yet.');
    const one = explanation({
      compared: [
        { left: 'a', right: 'b' },
        { left: 'a', right: 'c' },
      ],
      unseen: [digestOf('d')],
    });
    expect(comparedSentence(one)).toContain('Of one cluster no bytes were seen yet.');
    for (const each of [away, one]) {
      expect(conclusionWords(each)).toBe('explained, not all bytes seen yet');
    }
  });
});

describe('differences that are not told', () => {
  test('were seen, which is another thing than not looked at', () => {
    const one = explanation({ notTold: notTold({ untold: 1 }) });
    expect(comparedSentence(one)).toContain(' Seen, not told: 1 further difference.');
    expect(comparedSentence(one)).not.toContain('Not looked at');
    expect(conclusionWords(one)).toBe('explained, not all differences told');
    const more = explanation({ notTold: notTold({ files: 1, untold: 2 }) });
    expect(comparedSentence(more)).toContain(
      ' Not looked at: 1 file. Seen, not told: 2 further differences.',
    );
    expect(conclusionWords(more)).toBe('explained, not all bytes looked at');
  });
});
