import { expect, test } from 'vitest';
import { codedTag, entityTag, isKnown } from './entity-tag.js';

const tag = entityTag(Buffer.from('abc'));

test('the tag of an answer is the digest of its bytes, and another one under each coding', () => {
  expect(tag).toBe('"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"');
  expect(codedTag(tag, 'br')).toBe(`${tag.slice(0, -1)}-br"`);
  expect(codedTag(tag, null)).toBe(tag);
});

test('who has an answer under any coding has it', () => {
  for (const known of [tag, codedTag(tag, 'zstd'), `W/${tag}`, '*', `"x", ${tag}`]) {
    expect(isKnown(known, tag)).toBe(true);
  }
  for (const known of [undefined, '', '"x"', tag.slice(1, -1)]) {
    expect(isKnown(known, tag)).toBe(false);
  }
});
