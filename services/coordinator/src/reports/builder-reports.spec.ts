import { describe, expect, test } from 'vitest';
import type { Result } from '#libs/attestation';
import { OPENED, type Phase } from '#libs/consensus';
import { BuilderReport } from '#libs/contracts';
import type { RoundBuilderEntity, RoundEntity } from '#libs/persistence';
import { makeFailure, makeResult, makeRoster, makeRound, makeSigner } from '#libs/testing';
import type { LoadedRound } from '../rounds/round-store.js';
import { builderReports, type KnownBuilders } from './builder-reports.js';

const signer = makeSigner(1);
const { round, open } = makeRound(makeRoster({ acme: [signer] }));
const answered = { round, release: open.release, builder: signer.id };
const built = makeResult(answered);
const failed = makeFailure(answered);
const digest = 'ab'.repeat(32);

/** A row's fields: rows here are plain objects. */
type Seat = { readonly [K in keyof RoundBuilderEntity]: RoundBuilderEntity[K] };

const SILENT: Seat = {
  round,
  builder: signer.id,
  operator: 'acme',
  declineIndex: null,
  declineReason: null,
  invitedAt: null,
  commitment: null,
  commitIndex: null,
  isLate: false,
  resultIndex: null,
  resultSha256: null,
  isCounted: false,
  stage: null,
  percent: null,
  lastSeenAt: null,
};
const COMMITTED: Seat = { ...SILENT, commitment: digest, commitIndex: 3 };
const SHOWN: Seat = { ...COMMITTED, resultIndex: 5, resultSha256: digest };
const COUNTED: Seat = { ...SHOWN, isCounted: true };

const KNOWN: KnownBuilders = {
  views: new Map(),
  silence: { now: 0, openedAt: 0, vanishedMs: 1000, heard: new Map() },
};

function reportOf(seat: Seat, phase: Phase, result: Result | null = null): BuilderReport {
  const loaded: LoadedRound = {
    row: { id: round, phase } as RoundEntity,
    open,
    builders: [seat],
    state: { ...OPENED, phase },
    results: new Map(result === null ? [] : [[seat.builder, result]]),
    reveals: new Map(),
  };
  return BuilderReport.parse(builderReports(loaded, KNOWN)[0]);
}

describe('what is told of a builder', () => {
  test.each<[BuilderReport['state'], string, Seat, Phase, Result | null]>([
    ['waiting', 'was asked and said nothing', SILENT, 'open', null],
    ['waiting', 'waits for a free hand', { ...SILENT, stage: 'waiting' }, 'open', null],
    ['building', 'told of a stage', { ...SILENT, stage: 'build' }, 'open', null],
    ['committed', 'committed', COMMITTED, 'open', null],
    [
      'committed',
      'told of a stage later than it committed',
      { ...COMMITTED, stage: 'build' },
      'open',
      null,
    ],
    ['absent', 'had not committed at the close', SILENT, 'revealing', null],
    ['absent', 'was still at work at the close', { ...SILENT, stage: 'build' }, 'revealing', null],
    ['absent', 'never committed', SILENT, 'final', null],
    ['committed', 'may still show its result', COMMITTED, 'revealing', null],
    ['unrevealed', 'never showed its result', COMMITTED, 'final', null],
    ['unrevealed', 'showed its result after the verdict', SHOWN, 'final', built],
    ['built', 'showed what it built', COUNTED, 'revealing', built],
    ['built', 'showed what it built, and all is over', COUNTED, 'final', built],
    ['failed', 'showed that it failed', COUNTED, 'final', failed],
    ['late', 'committed after the close', { ...COMMITTED, isLate: true }, 'revealing', null],
    ['late', 'was late and showed its result', { ...SHOWN, isLate: true }, 'final', built],
  ])('is %s when it %s', (state, _, seat, phase, result) => {
    expect(reportOf(seat, phase, result).state).toBe(state);
  });

  test('names entries, times and machine once it has shown its result', () => {
    expect(reportOf({ ...COUNTED, stage: 'submit', percent: 50 }, 'final', built)).toEqual({
      operator: 'acme',
      builder: signer.id,
      state: 'built',
      stage: 'submit',
      percent: 50,
      failure: null,
      commitIndex: 3,
      resultIndex: 5,
      attestation: digest,
      startedAt: built.startedAt,
      finishedAt: built.finishedAt,
      environment: built.environment,
    });
  });

  test('says at which stage it failed, how, and in its own words', () => {
    expect(reportOf(COUNTED, 'final', failed).failure).toEqual({
      stage: 'build',
      class: 'out-of-space',
      message: 'no space left on device',
    });
  });

  test('is nothing of its machine before it has shown its result', () => {
    expect(reportOf(COMMITTED, 'open')).toMatchObject({
      attestation: null,
      startedAt: null,
      finishedAt: null,
      environment: null,
      failure: null,
    });
  });
});
