import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toBase64 } from '#libs/encoding';
import { armor, unarmor } from './armor.js';
import { ENVELOPE_LIMIT, openEnvelope, signStatement } from './dsse.js';
import { resultStatement } from './result-statement.js';
import { ALICE, BOB, BUILT, FAILED } from './sample.fixture.js';

const envelope = signStatement(resultStatement(BUILT), ALICE);
const other = signStatement(resultStatement({ ...FAILED, builder: BOB.id }), BOB);
const block = armor(envelope);
const lines = block.trimEnd().split('\n');
const noArmor: unknown = expect.objectContaining({ code: 'NO_ARMOR' });

describe('an armoured block', () => {
  test('is narrow, printable ASCII between its two dashed lines', () => {
    expect(lines[0]).toBe('-----BEGIN REPRO-QUORUM ATTESTATION-----');
    expect(lines.at(-1)).toBe('-----END REPRO-QUORUM ATTESTATION-----');
    expect(lines.every((line) => line.length <= 64 && /^[ -~]+$/.test(line))).toBe(true);
  });

  test('is read as it was written', () => {
    expect(unarmor(block)).toEqual([envelope]);
  });

  const survivals: readonly (readonly [string, (text: string) => string])[] = [
    ['Windows line ends', (text) => text.replaceAll('\n', '\r\n')],
    ['old Mac line ends', (text) => text.replaceAll('\n', '\r')],
    ['no line ends at all', (text) => text.replaceAll('\n', ' ')],
    ['quoting', (text) => text.replace(/^/gm, '> ')],
    ['quoting of a quotation', (text) => text.replace(/^/gm, '> > ')],
    ['quoting in a table', (text) => text.replace(/^/gm, '| ')],
    ['indentation', (text) => text.replace(/^/gm, '    ')],
    ['tabs and trailing white space', (text) => text.replace(/^/gm, '\t').replace(/$/gm, '  ')],
    ['em dashes', (text) => text.replaceAll('-----', '—–')],
    ['typographic hyphens', (text) => text.replaceAll('-', '‑')],
    ['no-break spaces', (text) => text.replaceAll(' ', '\u00a0')],
    ['lost dashes', (text) => text.replaceAll('-----', '')],
    ['a code fence', (text) => `\`\`\`\n${text}\`\`\`\n`],
    ['a byte order mark', (text) => `\ufeff${text}`],
    ['zero-width characters', (text) => text.replaceAll('\n', '\u200b\n')],
    ['lines wrapped anew', (text) => text.replace(/(.{20})/g, '$1\n')],
    ['a saved page', (text) => `<p>${text.replaceAll('\n', '<br class="x">\n')}&nbsp;</p>`],
    ['quoting in a saved page', (text) => text.replace(/^/gm, '&gt; ')],
  ];
  // Wrapping within the title is beyond repair; titles are short.
  const unwrapped = (text: string): string =>
    text.replace(/(BEGIN|END)[^]{1,40}?ATTEST\n?ATION/g, (title) => title.replaceAll('\n', ''));

  test.each(survivals)('survives %s', (_what, change) => {
    expect(unarmor(unwrapped(change(block)))).toEqual([envelope]);
  });

  test('survives all of that at once, with text around it', () => {
    const post = `Here is mine:\r\n\r\n${block.replace(/^/gm, '  > ').replaceAll('-----', '—')}\r\nBye, 2=2+0`;
    expect(unarmor(post)).toEqual([envelope]);
  });

  test('is found among several, in their order', () => {
    const thread = `alice wrote\n${block}\nbob answered\n${armor(other).replace(/^/gm, '> ')}\nend`;
    expect(unarmor(thread)).toEqual([envelope, other]);
    expect(unarmor(thread).map(({ payload }) => payload.length)).toHaveLength(2);
    expect(() => openEnvelope(unarmor(thread)[1]!, BOB.publicKey)).not.toThrow();
  });
});

describe('a text without a block', () => {
  test.each(['', 'nothing here', block.slice(50), 'END REPRO-QUORUM ATTESTATION'])(
    'holds no attestation: %j',
    (text) => {
      expect(unarmor(text)).toEqual([]);
    },
  );
});

describe('a block is refused', () => {
  test('that was cut anywhere', () => {
    for (let end = lines[0]!.length; end < block.length - lines.at(-1)!.length + 5; end += 7) {
      expect(() => unarmor(block.slice(0, end))).toThrow(noArmor);
    }
  });

  test('that lost any one line, even where what is left would still be an envelope', () => {
    for (let at = 1; at < lines.length - 1; at += 1) {
      expect(() => unarmor(lines.toSpliced(at, 1).join('\n'))).toThrow(noArmor);
    }
  });

  test('two lines of which changed places', () => {
    for (let at = 1; at < lines.length - 2; at += 1) {
      const swapped = lines.with(at, lines[at + 1]!).with(at + 1, lines[at]!);
      expect(() => unarmor(swapped.join('\n'))).toThrow(noArmor);
    }
  });

  test('any one character of which was changed', () => {
    const start = block.indexOf('\n') + 1;
    const length = block.lastIndexOf('\n=') + 10 - start;
    fc.assert(
      fc.property(
        fc.nat({ max: length - 1 }),
        fc.constantFrom('A', 'z', '0', '9', '+', '/', '=', '*'),
        (offset, to) => {
          const at = start + offset;
          fc.pre(block[at] !== '\n' && block[at] !== to);
          const changed = `${block.slice(0, at)}${to}${block.slice(at + 1)}`;
          expect(() => unarmor(changed)).toThrow(noArmor);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('into which somebody wrote', () => {
    const written = lines.toSpliced(3, 0, 'edit: typo').join('\n');
    expect(() => unarmor(written)).toThrow(noArmor);
  });

  test('that begins within another', () => {
    expect(() => unarmor(`${lines.slice(0, 4).join('\n')}\n${block}`)).toThrow(noArmor);
  });

  test('that is empty', () => {
    expect(() => unarmor(`${lines[0]!}\n${lines.at(-1)!}`)).toThrow(noArmor);
  });

  test('whose content is no envelope, though its checksum is right', () => {
    const two = { ...envelope, signatures: [...envelope.signatures, ...envelope.signatures] };
    expect(() => unarmor(armor(two))).toThrow(
      expect.objectContaining({ code: 'MALFORMED_ENVELOPE' }),
    );
  });

  test('that is longer than anybody should read', () => {
    const huge = { ...envelope, payload: 'A'.repeat(ENVELOPE_LIMIT) };
    expect(() => unarmor(armor(huge))).toThrow(
      expect.objectContaining({ code: 'MALFORMED_ENVELOPE' }),
    );
  });

  test('in time: text made to be slow is not', () => {
    const hostile = `${lines[0]!}\n${'<'.repeat(200_000)}${'&'.repeat(200_000)}\n${lines.at(-1)!}`;
    expect(() => unarmor(hostile)).toThrow(noArmor);
    expect(() => unarmor(`${lines[0]!}${toBase64(new Uint8Array(300_000))}`)).toThrow(noArmor);
  });
});
