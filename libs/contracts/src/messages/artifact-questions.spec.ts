import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { sha256, toBase64 } from '#libs/encoding';
import {
  FileBytesAnswer,
  FileBytesAsked,
  FileChunksAnswer,
  FileChunksAsked,
  ManifestPagesAnswer,
  ManifestPagesAsked,
  MAX_ANSWER_BYTES,
  MAX_BYTES_SHOWN,
  MAX_CHUNKS_ASKED,
  QUESTION_REFUSALS,
  QuestionRefused,
} from './artifact-questions.js';
import { ATTEST_STREAM } from '../streams.js';

const round = sha256('round');
const artifact = 'guestos/update-img';
const location = ['', '', 'root.img', 'etc/hostname'];
const base64 = (text: string): string => toBase64(Buffer.from(text));

const pagesAsked: ManifestPagesAsked = { round, artifact, digests: [sha256('a'), sha256('b')] };
const chunksAsked: FileChunksAsked = {
  ...{ round, artifact, location },
  ...{ chunkBytes: 65_536, first: 3, count: 2 },
};
const bytesAsked: FileBytesAsked = { round, artifact, location, offset: 4_096, length: 512 };
const bytes: FileBytesAnswer = {
  bytes: base64('built on ########'),
  masks: [{ offset: 9, length: 8, fact: 'machine.hostname' }],
};

const MESSAGES: readonly (readonly [string, z.ZodType, object])[] = [
  ['manifest-pages-asked', ManifestPagesAsked, pagesAsked],
  ['manifest-pages', ManifestPagesAnswer, { pages: [base64('{"entries":[]}'), null] }],
  ['file-chunks-asked', FileChunksAsked, chunksAsked],
  ['file-chunks', FileChunksAnswer, { sizeBytes: 200_000, digests: [sha256('x')] }],
  ['file-bytes-asked', FileBytesAsked, bytesAsked],
  ['file-bytes', FileBytesAnswer, bytes],
  ['question-refused', QuestionRefused, { refused: 'not-revealed' }],
];

describe.each(MESSAGES)('%s', (name, schema, message) => {
  const file = new URL(`../../golden/message-${name}.json`, import.meta.url);

  test('is the golden message, byte for byte', () => {
    expect(`${JSON.stringify(message)}\n`).toBe(readFileSync(file, 'utf8'));
    expect(schema.parse(JSON.parse(readFileSync(file, 'utf8')))).toEqual(message);
  });

  test('with an unknown field is refused', () => {
    expect(schema.safeParse({ ...message, extra: 1 }).success).toBe(false);
  });

  test('without any one of its fields is refused', () => {
    for (const field of Object.keys(message)) {
      const rest = Object.fromEntries(Object.entries(message).filter(([key]) => key !== field));
      expect(schema.safeParse(rest).success).toBe(false);
    }
  });

  test.each([null, [], 'text', 7])('is not %j', (value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});

describe('a question', () => {
  test.each<[string, z.ZodType, object, object]>([
    ['no round', ManifestPagesAsked, pagesAsked, { round: '../etc' }],
    ['an artifact whose name climbs', ManifestPagesAsked, pagesAsked, { artifact: '../etc' }],
    ['no page', ManifestPagesAsked, pagesAsked, { digests: [] }],
    [
      'too many pages',
      ManifestPagesAsked,
      pagesAsked,
      { digests: Array.from({ length: 65 }, () => sha256('')) },
    ],
    ['a page by another name', ManifestPagesAsked, pagesAsked, { digests: ['../key.pem'] }],
    ['nowhere', FileBytesAsked, bytesAsked, { location: [] }],
    ['deeper than images nest', FileBytesAsked, bytesAsked, { location: Array(17).fill('') }],
    ['a name of any length', FileBytesAsked, bytesAsked, { location: ['x'.repeat(16_385)] }],
    ['bytes before the file', FileBytesAsked, bytesAsked, { offset: -1 }],
    ['a part of a byte', FileBytesAsked, bytesAsked, { offset: 0.5 }],
    ['bytes beyond all numbers', FileBytesAsked, bytesAsked, { offset: 2 ** 60 }],
    ['nothing', FileBytesAsked, bytesAsked, { length: 0 }],
    ['more than is shown', FileBytesAsked, bytesAsked, { length: MAX_BYTES_SHOWN + 1 }],
    ['digests of single bytes', FileChunksAsked, chunksAsked, { chunkBytes: 1 }],
    ['too many digests', FileChunksAsked, chunksAsked, { count: MAX_CHUNKS_ASKED + 1 }],
    [
      'more than is read at once',
      FileChunksAsked,
      chunksAsked,
      { chunkBytes: 64 * 1024 ** 2, count: 17 },
    ],
    ['pieces beyond all numbers', FileChunksAsked, chunksAsked, { first: 2 ** 40 }],
  ])('for %s is none', (_what, schema, question, over) => {
    expect(schema.safeParse(question).success).toBe(true);
    expect(schema.safeParse({ ...question, ...over }).success).toBe(false);
  });
});

describe('an answer', () => {
  test.each(QUESTION_REFUSALS)('may be %s, whatever was asked', (refused) => {
    for (const schema of [ManifestPagesAnswer, FileChunksAnswer, FileBytesAnswer]) {
      expect(schema.parse({ refused })).toEqual({ refused });
    }
  });

  test('that is both a refusal and something else is none', () => {
    expect(FileBytesAnswer.safeParse({ ...bytes, refused: 'busy' }).success).toBe(false);
  });

  test.each<[string, object]>([
    ['more than can be asked for', { bytes: base64('x'.repeat(MAX_BYTES_SHOWN + 3)) }],
    ['what is no base64', { bytes: 'built on alpha' }],
    ['a mask of nothing', { masks: [{ offset: 0, length: 0, fact: 'machine.hostname' }] }],
    ['a mask before the bytes', { masks: [{ offset: -1, length: 1, fact: 'machine.hostname' }] }],
    ['a fact that is a sentence', { masks: [{ offset: 0, length: 1, fact: 'Hello \u001b[2J' }] }],
  ])('of bytes holds not %s', (_what, over) => {
    expect(FileBytesAnswer.safeParse({ ...bytes, ...over }).success).toBe(false);
  });

  test('is never larger than the messages that are kept', () => {
    expect(MAX_ANSWER_BYTES).toBeLessThan(ATTEST_STREAM.maxMessageBytes);
  });
});
