import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { VERDICTS } from '#libs/consensus';
import { CopyButton } from './copy-button.js';
import { Countdown } from './countdown.js';
import { Digest } from './digest.js';
import { Pager } from './pager.js';
import { momentText } from './time-words.js';
import { Verdict } from './verdict.js';

const html = (node: ReactNode): string => renderToStaticMarkup(node);
const NOW = new Date('2026-01-02T03:04:00Z');

test.each(VERDICTS)('the verdict %s is told by a word, a glyph and a colour', (verdict) => {
  const text = html(<Verdict verdict={verdict} />);
  expect(text).toMatch(/class="state state-\w+"/);
  expect(text).toMatch(/aria-hidden="true">[✓✗≠…!]</u);
  expect(text.replace(/<[^>]*>/g, '').length).toBeGreaterThan(4);
});

describe('a digest', () => {
  const value = 'ab'.repeat(32);

  test('is there whole without scripts, though its beginning alone is seen', () => {
    expect(html(<Digest value={value} what="digest" />)).toContain(`>${value}</code>`);
  });

  test('that nobody knows says so', () => {
    expect(html(<Digest value={null} what="digest" />)).toContain('unknown');
  });
});

test('a button that copies is not there before scripts are', () => {
  expect(html(<CopyButton text="x" what="x" />)).toBe('');
});

describe('a countdown', () => {
  const words = (until: string): string =>
    html(<Countdown until={until} now={NOW} what="voting ends" whatThen="voting ended" />).replace(
      /<[^>]*>/g,
      '',
    );

  test.each([
    ['2026-01-05T05:04:00Z', 'voting ends in 3 d 2 h, 2026-01-05 05:04 UTC'],
    ['2026-01-02T04:16:00Z', 'voting ends in 1 h 12 min, 2026-01-02 04:16 UTC'],
    ['2026-01-02T03:04:59Z', 'voting ends in 59 s, 2026-01-02 03:04 UTC'],
    ['2026-01-02T03:04:00Z', 'voting ended 2026-01-02 03:04 UTC'],
  ])('until %s: %s', (until, said) => {
    expect(words(until)).toBe(said);
  });
});

test('a moment that is none is shown as it stands', () => {
  expect(momentText('yesterday')).toBe('yesterday');
});

test('a pager leads on, keeps the rest of the query, and is not there for one page', () => {
  const page = { what: 'rounds', cursor: 'before', next: 'a b' };
  expect(html(<Pager {...page} url="/?x=1&amp;before=z" />)).toContain('before=a+b');
  expect(html(<Pager {...page} url="/" next={null} />)).toBe('');
  expect(html(<Pager {...page} url="/?before=z" next={null} />)).toContain('href="/"');
});
