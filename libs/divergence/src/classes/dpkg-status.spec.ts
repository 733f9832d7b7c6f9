import { describe, expect, test } from 'vitest';
import type { Finding } from '../difference.js';
import { classify } from './classify.js';
import { fileAt, windows, wholeTexts } from './excerpt.fixture.js';

const stanza = (name: string, version: string, more = ''): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\n${more}Version: ${version}\n`;

/** A status of 100 packages; those named are put in the middle. */
function status(...named: readonly string[]): string {
  const others = Array.from({ length: 100 }, (_, index) =>
    stanza(`lib-${index}`, `1.0.${index}-1`),
  );
  return [...others.slice(0, 50), ...named, ...others.slice(50)].join('\n');
}

function see(left: string, right: string): readonly Finding[] {
  return classify(fileAt('var/lib/dpkg/status'), [wholeTexts(left, right)]);
}

function told(findings: readonly Finding[]): string[] {
  return findings.map(({ class: kind, detail }) => `${kind} ${detail}`);
}

describe('a dpkg status', () => {
  test('names each package of another version by its stanza', () => {
    const of = (version: string): string =>
      status(stanza('openssl', version), stanza('libssl3', version, `Source: openssl\n`));
    expect(told(see(of('3.0.2-0ubuntu1.10'), of('3.0.2-0ubuntu1.12')))).toEqual(
      ['openssl', 'libssl3'].map(
        (name) =>
          `package-version ${name}: "3.0.2-0ubuntu1.10" on the left, "3.0.2-0ubuntu1.12" on the right`,
      ),
    );
  });

  test('has versions of any form, days among them', () => {
    const versions: [string, string][] = [
      ['2024a-0ubuntu0.22.04', '2024b-0ubuntu0.22.04'],
      ['20230311ubuntu0.22.04.1', '20240203~22.04.1'],
      ['20230311', '20240203'],
      ['1', '2'],
    ];
    for (const [left, right] of versions) {
      const found = told(see(status(stanza('x11', left)), status(stanza('x11', right))));
      expect(found).toEqual([
        `package-version x11: "${left}" on the left, "${right}" on the right`,
      ]);
    }
  });

  test('takes what else is told of such a package as following, and of no other', () => {
    const [one, other] = ['Installed-Size: 12\n', 'Installed-Size: 13\n'];
    const found = see(status(stanza('a1', '1', one)), status(stanza('a1', '2', other)));
    expect(found.map(({ class: kind }) => kind)).toEqual(['package-version']);
    const beside = see(
      status(stanza('a1', '1'), stanza('b1', '1', one)),
      status(stanza('a1', '2'), stanza('b1', '1', other)),
    );
    expect(beside.map(({ class: kind }) => kind)).toEqual(['package-version', 'unknown']);
  });

  test('tells a package that only one side has, which is no other version', () => {
    expect(told(see(status(), status(stanza('netcat', '1'))))).toEqual([
      'unknown a package only on the right: "netcat"',
    ]);
  });

  test('in part tells the version without the name that the part does not reach', () => {
    const part = (version: string): Buffer =>
      Buffer.from(`Architecture: amd64\nVersion: ${version}\nDescription: x\n\nPackage: z`);
    const excerpt = windows(900, part('1.2-3'), part('1.2-4'));
    expect(told(classify(fileAt('var/lib/dpkg/status'), [excerpt]))).toEqual([
      'package-version "1.2-3" on the left, "1.2-4" on the right',
    ]);
  });

  test('of which hundreds drift names the first, and counts the others', () => {
    const of = (version: string): string =>
      status(...Array.from({ length: 80 }, (_, index) => stanza(`drift-${index}`, version)));
    const found = told(see(of('1.1'), of('1.2')));
    expect(found).toHaveLength(65);
    expect(found.at(-1)).toBe('package-version 16 more packages have other versions');
  });

  // A stranger may send many of these: counting them may not take the square of their number.
  test(
    'of thousands of stanzas without a name tells each from the others',
    { timeout: 5000 },
    () => {
      const of = (last: string): string => `${'x\n\n'.repeat(19_000)}${last}`;
      expect(told(see(of('y=1'), of('y=2')))).toEqual([
        expect.stringMatching(/^unknown .*"1" on the left, "2" on the right/),
      ]);
    },
  );

  test('is not forged by a name that no package can have', () => {
    const [left, right] = ['1', '2'].map((version) => status(stanza('../../x: "\u202e', version)));
    expect(told(see(left!, right!))).toEqual(['package-version "1" on the left, "2" on the right']);
  });
});
