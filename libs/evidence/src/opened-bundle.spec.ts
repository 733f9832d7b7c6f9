import { expect, test } from 'vitest';
import type { Finding } from './finding.js';
import { openedBundle } from './opened-bundle.js';

test('as many entries as a file may have lines can be unreadable without an error', () => {
  const unopened = Array.from({ length: 300_000 }, (_, line): Finding => ({
    code: 'signature-wrong',
    message: 'x',
    line,
    index: line,
  }));
  const { findings } = openedBundle(null, { lines: [], unread: [], entries: [], unopened }, []);
  expect(findings).toHaveLength(unopened.length);
});
