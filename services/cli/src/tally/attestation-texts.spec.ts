import { describe, expect, test } from 'vitest';
import { armor, createSigner, signStatement, type Envelope } from '#libs/attestation';
import { attestationsIn } from './attestation-texts.js';

const signer = createSigner(new Uint8Array(32));
const [one, two] = [1, 2].map((number) => signStatement({ number }, signer)) as [
  Envelope,
  Envelope,
];
const json = (envelope: Envelope): string => JSON.stringify(envelope);

function found(text: string): (Envelope | string)[] {
  return attestationsIn(text).map((item) => ('envelope' in item ? item.envelope : item.error.code));
}

describe('attestations in a text', () => {
  test.each<[claim: string, text: string, envelopes: Envelope[]]>([
    ['an envelope', json(one), [one]],
    ['an envelope over several lines', `\n${JSON.stringify(one, null, 2)}\n`, [one]],
    ['an envelope with fields of others', json({ ...one, more: 1 } as Envelope), [one]],
    ['JSON lines', `${json(one)}\n${json(two)}\n`, [one, two]],
    ['what attest prints', JSON.stringify({ builder: 'x', envelope: one }), [one]],
    [
      'what a coordinator lists',
      JSON.stringify({ attestations: [{ envelope: one }, two] }),
      [one, two],
    ],
    ['blocks among other text', `hi\n${armor(one)}\nmore\n${armor(two)}\nend`, [one, two]],
    ['a block with beautiful dashes', armor(one).replaceAll('-', '–'), [one]],
    ['nothing', '', []],
    ['prose about it', 'a "payloadType" is needed', []],
    ['other JSON', '{"payload": 1}', []],
    ['another list', '[{"payloadType": 1}]', []],
  ])('%s', (_claim, text, envelopes) => {
    expect(found(text)).toEqual(envelopes);
  });

  test.each<[claim: string, text: string, expected: (Envelope | string)[]]>([
    ['an envelope that was cut', json(one).slice(0, -9), ['MALFORMED_ENVELOPE']],
    [
      'a pretty one that was cut',
      JSON.stringify(one, null, 2).slice(0, -9),
      ['MALFORMED_ENVELOPE'],
    ],
    ['a line that was cut', `${json(one)}\n${json(two).slice(0, 40)}`, [one, 'MALFORMED_ENVELOPE']],
    ['a block without end', `${armor(one)}\n${armor(two).slice(0, 99)}`, [one, 'NO_ARMOR']],
    ['a block in a block', `${armor(one).slice(0, 99)}\n${armor(two)}`, ['NO_ARMOR', two]],
    ['another signature too many', json({ ...one, signatures: [] }), ['MALFORMED_ENVELOPE']],
    [
      'a list of something else',
      '{"attestations": [{"payloadType": 1}, null]}',
      Array(2).fill('MALFORMED_ENVELOPE') as string[],
    ],
  ])('%s is an error and takes nothing else with it', (_claim, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test('are told by the line that they begin on', () => {
    const lines = (text: string): number[] => attestationsIn(text).map(({ line }) => line);
    expect(lines(`${json(one)}\n\n${json(two)}`)).toEqual([1, 3]);
    const height = armor(one).split('\n').length;
    expect(lines(`a\nb\n${armor(one)}c\n> ${armor(two)}`)).toEqual([3, 3 + height]);
  });

  test('nesting that would exhaust the stack is only an error', () => {
    const deep = `${'{"attestations":['.repeat(5000)}{"payloadType":1}${']}'.repeat(5000)}`;
    expect(found(deep)).toEqual(['MALFORMED_ENVELOPE']);
  });
});
