import { describe, expect, onTestFinished, test } from 'vitest';
import {
  BuildLogAsked,
  LogTailAsked,
  RoundLogs,
  ROUTES,
  SUBJECTS,
  subjectFor,
  type BuildLog,
} from '#libs/contracts';
import { sha256, toBase64 } from '#libs/encoding';
import { answerAsBuilder } from '#libs/messaging';
import { readConfig } from '#libs/platform';
import {
  eventually,
  makeResult,
  signCommit,
  signResult,
  useQuorum,
  type HandBuilder,
  type SealedResult,
} from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { EventReader } from '../live/event-reader.fixture.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
  environment: { DEFAULT_THRESHOLD: '2' },
});
const TEXT = `${'compiled one more thing\n'.repeat(60_000)}failed: no such file\n`;

let opened = 0xc0;
async function open(blind: boolean): Promise<string> {
  opened += 1;
  return quorum().api.open({ commit: opened.toString(16).padStart(40, '0'), blind });
}

/** Has a builder answer what it is asked of its log. */
function show(builder: HandBuilder, log: () => Buffer, sizeBytes?: number): { asked: number } {
  const told = { asked: 0 };
  const subscription = quorum().nats.subscribe(subjectFor(SUBJECTS.buildLog, builder.id), {
    callback: (error, message) => {
      if (error !== null) return;
      told.asked += 1;
      const { offset } = BuildLogAsked.parse(message.json());
      const piece = log().subarray(offset, offset + 300_000);
      const answer = { sizeBytes: sizeBytes ?? log().length, bytes: toBase64(piece) };
      answerAsBuilder(message, builder.id, answer);
    },
  });
  onTestFinished(() => {
    subscription.unsubscribe();
  });
  return told;
}

async function seal(builder: HandBuilder, round: string, log: string): Promise<SealedResult> {
  const { open: asked } = await builder.invitation(round);
  const said = makeResult({ round, release: asked.release, builder: builder.id });
  const result = signResult({ ...said, logSha256: sha256(Buffer.from(log)) }, builder.signer);
  return { result, commit: signCommit(round, result, builder.signer) };
}

const pathOf = (round: string, builder?: HandBuilder): string =>
  `/${ROUTES.rounds}/${round}/logs${builder === undefined ? '' : `/${builder.id}`}`;

async function logsOf(round: string): Promise<readonly BuildLog[]> {
  const response = await quorum().api.get(pathOf(round));
  return RoundLogs.parse(await response.json()).logs;
}

async function stateOf(
  round: string,
  builder: HandBuilder,
  state: BuildLog['state'],
): Promise<BuildLog> {
  const found = await eventually(
    `a log that is ${state}`,
    async () => (await logsOf(round)).filter((it) => it.builder === builder.id),
    (logs) => logs[0]?.state === state,
  );
  return found[0]!;
}

describe('in a blind round', () => {
  test('no log is asked for or told of before the close; then it comes, and is what the result names', async () => {
    const { api } = quorum();
    const [one, two] = [quorum().builder('acme'), quorum().builder('bits')];
    const told = show(one, () => Buffer.from(TEXT));
    const round = await open(true);
    const sealed = [await seal(one, round, TEXT), await seal(two, round, 'another')];
    await one.commit(sealed[0]!.commit);
    await one.receipt(sealed[0]!.commit);
    expect([told.asked, await logsOf(round)]).toEqual([0, []]);
    await two.commit(sealed[1]!.commit);
    await one.close(round);
    await one.reveal(sealed[0]!.result);
    await two.reveal(sealed[1]!.result);
    const { sha256: digest, sizeBytes } = await stateOf(round, one, 'stored');
    expect([digest, sizeBytes]).toEqual([sha256(Buffer.from(TEXT)), TEXT.length]);
    const response = await api.get(pathOf(round, one));
    expect(await response.text()).toBe(TEXT);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
    });
    const end = await fetch(`${api.url}${pathOf(round, one)}`, { headers: { range: 'bytes=-21' } });
    expect([end.status, await end.text()]).toEqual([206, 'failed: no such file\n']);
    expect(end.headers.get('etag')).toBe(`"${digest}"`);
    expect(await api.metric('quorum_build_logs_total', { outcome: 'stored' })).toBeGreaterThan(0);
    expect(await api.metric('quorum_build_logs_size_bytes')).toBeGreaterThan(0);
    const absent = await api.refused('GET', pathOf(round, two));
    expect(absent).toMatchObject({ status: 404, code: 'no-such-log' });
    expect((await logsOf(round)).map(({ state }) => state).toSorted()).toEqual([
      'awaited',
      'stored',
    ]);
  });
});

describe('a builder that shows', () => {
  test.each<[string, string, Buffer, number | undefined]>([
    ['other bytes than it signed', 'other-bytes', Buffer.from('another log\n'), undefined],
    ['a log of 10 GB', 'too-large', Buffer.from(TEXT), 10 * 1024 ** 3],
    ['what a terminal obeys', 'not-text', Buffer.from('\u001b[2Jgone\n'), undefined],
  ])('%s is refused, and it is told', async (_, reason, bytes, sizeBytes) => {
    const [one] = [quorum().builder('acme')];
    show(one, () => bytes, sizeBytes);
    const round = await open(false);
    const signed = reason === 'not-text' ? bytes.toString() : TEXT;
    const { commit, result } = await seal(one, round, signed);
    await one.commit(commit);
    await one.receipt(commit);
    await one.reveal(result);
    expect(await stateOf(round, one, 'refused')).toMatchObject({ reason, sizeBytes: null });
    const { code, detail } = await quorum().api.refused('GET', pathOf(round, one));
    expect([code, detail]).toEqual([
      'no-such-log',
      expect.stringContaining(`refused, ${reason}`) as string,
    ]);
  });
});

describe('while it is built', () => {
  function tell(builder: HandBuilder): { asked: (number | null)[] } {
    const told: { asked: (number | null)[] } = { asked: [] };
    const subscription = quorum().nats.subscribe(subjectFor(SUBJECTS.logTail, builder.id), {
      callback: (error, message) => {
        if (error !== null) return;
        const { fromByte } = LogTailAsked.parse(message.json());
        told.asked.push(fromByte);
        const from = fromByte ?? 0;
        const text = `line at ${from} \u202e<b>\u001b[31m\n`;
        answerAsBuilder(message, builder.id, { fromByte: from, nextByte: from + 100, text });
      },
    });
    onTestFinished(() => {
      subscription.unsubscribe();
    });
    return told;
  }

  async function watch(round: string, builder: HandBuilder): Promise<EventReader> {
    const subject = subjectFor(SUBJECTS.progress, builder.id);
    const said = { percent: null, sizeBytes: null, round, builder: builder.id, stage: 'build' };
    const url = `${quorum().api.url}/${ROUTES.rounds}/${round}/events`;
    const reader = await EventReader.open(url);
    onTestFinished(() => reader.leave());
    quorum().nats.publish(subject, JSON.stringify({ pattern: subject, data: said }));
    await eventually(
      'the stage',
      () => Promise.resolve(reader.of('progress').length),
      (count) => count > 0,
    );
    return reader;
  }

  test('a log that is not blind is shown to who watches, piece by piece, without what a terminal obeys', async () => {
    const builder = quorum().builder('bits');
    const { asked } = tell(builder);
    const reader = await watch(await open(false), builder);
    await eventually(
      'two pieces',
      () => Promise.resolve(reader.of('log').length),
      (count) => count >= 2,
    );
    expect(asked.slice(0, 2)).toEqual([null, 100]);
    expect(reader.of('log').slice(0, 2)).toMatchObject([
      { builder: builder.id, fromByte: 0, text: 'line at 0 <b>\n' },
      { builder: builder.id, fromByte: 100, text: 'line at 100 <b>\n' },
    ]);
  });

  test('who comes later is told what was shown before, and then the same', async () => {
    const builder = quorum().builder('bits');
    tell(builder);
    const round = await open(false);
    const first = await watch(round, builder);
    await eventually(
      'two pieces',
      () => Promise.resolve(first.of('log').length),
      (count) => count >= 2,
    );
    const later = await watch(round, builder);
    await eventually(
      'one more',
      () => Promise.resolve(later.of('log').length),
      (count) => count >= 3,
    );
    const told = later.of('log').map(({ fromByte, nextByte }) => [fromByte, nextByte]);
    expect(told.slice(0, 3)).toEqual([
      [0, 100],
      [100, 200],
      [200, 300],
    ]);
  });

  test('nobody is asked for the log of a blind round', async () => {
    const builder = quorum().builder('bits');
    const { asked } = tell(builder);
    const blind = await watch(await open(true), builder);
    const shown = await watch(await open(false), builder);
    await eventually(
      'the other one',
      () => Promise.resolve(shown.of('log').length),
      (count) => count >= 1,
    );
    expect(asked[0]).toBe(null);
    expect(blind.of('log')).toEqual([]);
  });
});
