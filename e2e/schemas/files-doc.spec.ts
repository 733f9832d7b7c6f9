import { describe, expect, test } from 'vitest';
import { Envelope, openEnvelope, Release } from '#libs/attestation';
import { Report, RosterFile } from '#libs/contracts';
import { TallyOutput } from '../../services/cli/src/tally/tally-output.js';
import { maker } from '../cli/makers.js';
import { blocksOf, FILES_DOC, withBlocks } from './doc-blocks.js';
import { examples } from './examples.js';
import { prettyJson, textOf } from './rewritten.js';

const texts = Object.fromEntries(
  await Promise.all(
    Object.entries(examples).map(async ([name, example]): Promise<[string, string]> => [
      name,
      typeof example === 'string' ? example : await prettyJson(example, FILES_DOC),
    ]),
  ),
);
const blocks = blocksOf(await textOf(FILES_DOC, (page) => withBlocks(page, texts)));

describe('docs/files.md', () => {
  test.each(Object.keys(examples))('%s is what the program makes (REWRITE_DOCS=1)', (name) => {
    const language = name.endsWith('.json') ? 'json' : 'text';
    expect(blocks.get(`${language} ${name}`)).toBe(texts[name]);
  });

  test('its examples are read without a remark', () => {
    const json = (name: string): unknown => JSON.parse(blocks.get(`json ${name}`) ?? '');
    expect(Release.parse(json('release.json')).artifacts).toHaveLength(2);
    expect(RosterFile.parse(json('roster.json'))).toEqual(json('roster.json'));
    expect(TallyOutput.parse(json('tally.json'))).toEqual(json('tally.json'));
    expect(Report.parse(json('report.json'))).toEqual(json('report.json'));
    const envelope = Envelope.parse(json('attestation.json'));
    const payload = openEnvelope(envelope, maker('ann').publicKey);
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(json('statement.json'));
  });
});
