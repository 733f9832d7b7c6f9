import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { goodRound } from './bundle.fixture.js';
import { EnvelopeLine } from './bundle-line.js';
import { quickLine } from './quick-line.js';

const lines = goodRound()
  .bundle()
  .split('\n')
  .filter((line) => line.startsWith('{"envelope"'));

/** What the schema makes of a line; null where it refuses it. */
function slowLine(text: string): EnvelopeLine | null {
  try {
    return EnvelopeLine.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const insertArb = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.constantFrom(
    ...['', '"', '\\', '\\u0041', '\n', '\r', '\u2028', '\u0141', '-', '_', '=', '==', ' ', '0'],
    ...['1e3', '-0', '.5', '9'.repeat(16), ',"index":1', ',"line":1', ',"type":"leaf"', '{}'],
  ),
);

/** A written line in which a stretch is put otherwise: near its end, where all but the payload is. */
const spoiltArb = fc
  .record({
    ...{ line: fc.constantFrom(...lines), insert: insertArb, gone: fc.nat(3) },
    at: fc.oneof(fc.nat(500), fc.nat()),
  })
  .map(({ line, insert, gone, at }) => {
    const from = line.length - (at % (line.length + 1));
    return line.slice(0, from) + insert + line.slice(from + gone);
  });

describe('a line that is read quickly', () => {
  test('is every one of an entry that our own programs wrote', () => {
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.map(quickLine)).toStrictEqual(lines.map(slowLine));
    expect(lines.map(quickLine)).not.toContain(null);
  });

  test('is what the schema reads, whatever ASCII is changed in it', () => {
    let agreed = 0;
    fc.assert(
      fc.property(spoiltArb, (line) => {
        if (Buffer.byteLength(line) !== line.length) return;
        const quick = quickLine(line);
        if (quick === null) return;
        agreed += 1;
        expect(quick).toStrictEqual(slowLine(line));
      }),
      { numRuns: 5000 },
    );
    expect(agreed).toBeGreaterThan(50);
  });

  test('has no payload of more characters than an envelope may have', () => {
    const longer = (count: number): string =>
      lines[0]!.replace(/"payload":"[^"]*"/, `"payload":"${'A'.repeat(count)}"`);
    expect(quickLine(longer(1_048_576))).not.toBeNull();
    expect(quickLine(longer(1_048_580))).toBeNull();
    expect(slowLine(longer(1_048_580))).toBeNull();
  });
});
