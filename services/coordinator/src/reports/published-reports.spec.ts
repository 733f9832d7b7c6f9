import { describe, expect, test } from 'vitest';
import type { Published, Result } from '#libs/attestation';
import { OPENED } from '#libs/consensus';
import { PublishedReport } from '#libs/contracts';
import type { RoundEntity } from '#libs/persistence';
import { makeFailure, makeResult, makeRoster, makeRound, makeSigner } from '#libs/testing';
import type { LoadedRound } from '../rounds/round-store.js';
import { publishedReports } from './published-reports.js';

const signers = [makeSigner(1), makeSigner(2), makeSigner(3)];
const ids = signers.map(({ id }) => id).toSorted();
const { round, open } = makeRound(makeRoster({ acme: signers }));
const [one, two] = ['11'.repeat(32), '22'.repeat(32)];

function reading(over: Partial<Published> = {}): Published {
  return {
    artifact: 'guestos/update-img',
    source: 'cdn-bytes',
    url: 'https://a.example/img',
    sha256: one,
    sizeBytes: 1,
    error: null,
    ...over,
  };
}

/** The report of a round in which the builders, by the order of their ids, read this. */
function reportOf(...readings: readonly (readonly Published[])[]): PublishedReport[] {
  const results = readings.map((published, at): [string, Result] => {
    const builder = ids[at]!;
    return [builder, makeResult({ round, release: open.release, builder }, 'good', { published })];
  });
  // In whatever order they came in.
  return publishedReports(loaded(new Map(results.toReversed())));
}

function loaded(results: ReadonlyMap<string, Result>): LoadedRound {
  const row = { id: round } as RoundEntity;
  return { row, open, builders: [], state: OPENED, results, reveals: new Map() };
}

describe('what was read as published', () => {
  test('is one reading a place where everybody read the same', () => {
    const report = reportOf([reading()], [reading()], [reading()]);
    expect(report.map((place) => PublishedReport.parse(place))).toEqual(report);
    expect(report).toEqual([
      {
        artifact: 'guestos/update-img',
        source: 'cdn-bytes',
        url: 'https://a.example/img',
        readings: [{ sha256: one, error: null, builders: ids }],
      },
    ]);
  });

  test('is two where a host gave two callers different bytes', () => {
    const [place] = reportOf([reading()], [reading({ sha256: two })], [reading()]);
    expect(place!.readings).toEqual([
      { sha256: one, error: null, builders: [ids[0], ids[2]] },
      { sha256: two, error: null, builders: [ids[1]] },
    ]);
  });

  test('tells a failure as a reading of its own, by code and message', () => {
    const failure = { sha256: null, error: { code: 'TRUNCATED', message: 'ended early' } };
    const other = { sha256: null, error: { code: 'UNREACHABLE', message: 'ended early' } };
    const [place] = reportOf([reading(failure)], [reading(other)], [reading(failure)]);
    expect(place!.readings).toEqual([
      { sha256: null, error: 'TRUNCATED: ended early', builders: [ids[0], ids[2]] },
      { sha256: null, error: 'UNREACHABLE: ended early', builders: [ids[1]] },
    ]);
  });

  test('keeps places apart by artifact, source and URL, and lists them in this order', () => {
    const places = [
      reading({ artifact: 'setupos/disk-img' }),
      reading({ source: 'proposal-url' }),
      reading({ url: 'https://b.example/img' }),
      reading({ source: 'cdn-sums' }),
      reading(),
    ];
    const told = reportOf(places, places.toReversed());
    expect(told.map(({ artifact, source, url }) => `${artifact} ${source} ${url}`)).toEqual([
      'guestos/update-img cdn-bytes https://a.example/img',
      'guestos/update-img cdn-bytes https://b.example/img',
      'guestos/update-img cdn-sums https://a.example/img',
      'guestos/update-img proposal-url https://a.example/img',
      'setupos/disk-img cdn-bytes https://a.example/img',
    ]);
    for (const { readings } of told) expect(readings).toHaveLength(1);
  });

  test('is nothing where nobody has built', () => {
    const answered = { round, release: open.release, builder: ids[0]! };
    expect(publishedReports(loaded(new Map([[ids[0]!, makeFailure(answered)]])))).toEqual([]);
    expect(publishedReports(loaded(new Map()))).toEqual([]);
  });
});
