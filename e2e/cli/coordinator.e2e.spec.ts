import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Report } from '#libs/contracts';
import { examples } from '../schemas/examples.js';
import { entry } from '../stack/entry.js';
import { Folder } from './folder.js';
import { StandIn, type Answer } from './stand-in.js';

const REPORT = examples['report.json'];
const ROUND = REPORT.round?.round ?? '';
const RUNNING: Report = {
  ...REPORT,
  round: REPORT.round && { ...REPORT.round, phase: 'open' },
  builders: REPORT.builders.map((builder) => ({ ...builder, state: 'building', percent: 12.3 })),
};
const HOSTILE = '\u001b[2Jhostile\u202e';
const LIST = {
  rounds: [
    {
      ...{ round: ROUND, phase: 'final', release: 'ic', proposal: '138000' },
      ...{ openedAt: '2026-01-01T00:00:00Z', headline: HOSTILE, outcome: null, artifacts: [] },
    },
  ],
  next: null,
};
const LOGGED = {
  attestations: [
    { envelope: examples['round.json'], index: 0, kind: 'round-open', builder: null, proof: null },
    {
      envelope: examples['attestation.json'],
      index: 4,
      kind: 'result',
      builder: HOSTILE,
      proof: null,
    },
  ],
};

let folder: Folder;
const standIns: StandIn[] = [];
beforeAll(async () => {
  folder = await Folder.make();
});
afterAll(async () => {
  await Promise.all(standIns.map((standIn) => standIn.leave()));
  await folder.remove();
});

async function standIn(answers: Readonly<Record<string, Answer>>): Promise<StandIn> {
  const made = new StandIn(answers);
  standIns.push(made);
  return made.start();
}

function reportWith(change: object): Answer {
  return { body: { ...REPORT, ...change } };
}

function verdicts(guestos: string, setupos: string): object {
  const [first, second] = REPORT.artifacts;
  return {
    artifacts: [
      { ...first, verdict: guestos },
      { ...second, verdict: setupos },
    ],
  };
}

function problem(code: string, status: number): Answer {
  const type = `https://repro-quorum.dev/ns/problems/${code}`;
  return { status, body: { type, title: code, status, detail: 'so it is' } };
}

describe.concurrent('the exit code of a report', () => {
  test.each<[claim: string, answer: Answer, exitCode: number]>([
    ['is of what is elected: reproduced', { body: REPORT }, 0],
    ['is of what is elected: contradicted', reportWith(verdicts('contradicted', 'reproduced')), 1],
    ['is of what is elected: undecided', reportWith(verdicts('insufficient', 'split')), 3],
    [
      'is of everything where nothing is elected',
      reportWith({ artifacts: [REPORT.artifacts[1]] }),
      1,
    ],
    [
      'is 0 where there is nothing to build',
      reportWith({ kind: 'nothing-to-build', artifacts: [] }),
      0,
    ],
    ['is 3 where nothing is known yet', reportWith({ kind: 'deployment', artifacts: [] }), 3],
    ['is 2 for a wrong request', problem('unknown-proposal', 404), 2],
    ['is 3 for a replica that cannot be reached', problem('unreachable', 502), 3],
    ['is 4 for an answer that is not certified', problem('uncertified', 502), 4],
    ['is 3 for a coordinator that failed', problem('internal', 500), 3],
    ['is 3 for a failure without words', { status: 500, body: 'oops' }, 3],
    ['is 3 for another program', { body: '<html>' }, 3],
  ])('%s', async (_claim, answer, exitCode) => {
    const { url } = await standIn({ 'GET /v1/proposals/138000/report': answer });
    const ended = await folder.run(['report', '138000', '--coordinator', url]);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).not.toContain('    at ');
  });

  test('is 2 where nobody answers, with what would help', async () => {
    const away = await standIn({});
    await away.leave();
    const ended = await folder.run(['report', '138000'], { REPRO_QUORUM_COORDINATOR: away.url });
    expect([ended.exitCode, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toContain(`no coordinator answers at ${away.url}`);
    expect(ended.stderr).toContain('--coordinator URL');
  });
});

describe.concurrent('a round', () => {
  const answers = {
    [`GET /v1/rounds/${ROUND}/report`]: { body: REPORT },
    [`GET /v1/rounds/${ROUND}/attestations`]: { body: LOGGED },
    'GET /v1/rounds?limit=20': { body: LIST },
    'GET /v1/rounds?limit=100': { body: LIST },
    [`GET /v1/rounds?commit=${'0'.repeat(40)}&limit=100`]: { body: { rounds: [], next: null } },
    'POST /v1/rounds': { status: 201, body: { kind: 'opened', round: ROUND } },
    [`POST /v1/rounds/${ROUND}/close`]: { body: RUNNING },
  };

  test('is reported in three forms', async () => {
    const { url } = await standIn(answers);
    const run = async (...args: string[]) =>
      folder.run(['report', ROUND, '--coordinator', url, ...args]);
    const [text, markdown, json] = await Promise.all([run(), run('--format', 'md'), run('--json')]);
    expect(text.stdout).toContain(REPORT.headline);
    expect(markdown.stdout).toContain('| artifact | verdict |');
    expect(Report.parse(JSON.parse(json.stdout))).toEqual(REPORT);
  });

  test('is shown with what is logged, and gives the files that other commands read', async () => {
    const { url } = await standIn(answers);
    const show = ['round', 'show', ROUND.slice(0, 12), '--coordinator', url];
    const [text, open, release, json] = await Promise.all(
      [[], ['--open'], ['--release'], ['--json']].map((option) => folder.run([...show, ...option])),
    );
    expect(text?.stdout).toContain('     0  round-open   coordinator');
    expect(text?.stdout).not.toMatch(/[\u001b\u202e]/);
    expect(JSON.parse(open?.stdout ?? '')).toEqual(examples['round.json']);
    expect(JSON.parse(release?.stdout ?? '')).toEqual(examples['release.json']);
    expect(JSON.parse(json?.stdout ?? '')).toEqual(LOGGED);
    expect(json?.stdout).not.toMatch(/[\u001b\u202e]/);
  });

  test('is opened by what was typed', async () => {
    const coordinator = await standIn(answers);
    const options = ['--threshold', '2/3', '--deadline', '60', '--builders', 'a-b, c-d'];
    const open = ['round', 'open', '138000', ...options, '--coordinator', coordinator.url];
    const { exitCode, stdout } = await folder.run(open);
    expect([exitCode, stdout]).toEqual([0, `${ROUND}\n`]);
    expect(coordinator.requests).toEqual([
      'POST /v1/rounds {"proposal":"138000","threshold":"2/3","deadlineSeconds":60,"builders":["a-b","c-d"]}',
    ]);
  });

  test('is listed, and closed by the beginning of its id', async () => {
    const { url } = await standIn(answers);
    const [list, close, none] = await Promise.all([
      folder.run(['round', 'list', '--coordinator', url]),
      folder.run(['round', 'close', ROUND.slice(0, 8), '--coordinator', url]),
      folder.run(['round', 'close', '0'.repeat(40), '--coordinator', url]),
    ]);
    expect(list.stdout).toBe(`${ROUND.slice(0, 12)}  2026-01-01T00:00  final       [2Jhostile \n`);
    expect([close.exitCode, close.stdout]).toEqual([0, '']);
    expect(close.stderr).toContain(`round ${ROUND.slice(0, 12)} is open`);
    expect([none.exitCode, none.stdout]).toEqual([2, '']);
    expect(none.stderr).toContain('no round was held on commit');
  });
});

describe.concurrent('watching a round', () => {
  test('waits for a coordinator that is away; stdout has the report alone', async () => {
    const watched = { body: RUNNING as object };
    const coordinator = await standIn({ [`GET /v1/rounds/${ROUND}/report`]: watched });
    const args = ['round', 'watch', ROUND, '--json', '--coordinator', coordinator.url];
    const running = execa(process.execPath, [entry('cli'), ...args], { reject: false });
    let said = '';
    running.stderr.on('data', (text) => (said += String(text)));
    await seen(coordinator, 1);
    await coordinator.leave();
    await expect.poll(() => said, { timeout: 20_000 }).toContain('the coordinator is away');
    watched.body = REPORT;
    await coordinator.start();
    const { exitCode, stdout } = await running;
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, REPORT]);
    expect(said).toContain('12 %');
    expect(said).not.toContain('\u001b');
  });

  test('is interrupted with 130', async () => {
    const coordinator = await standIn({ [`GET /v1/rounds/${ROUND}/report`]: { body: RUNNING } });
    const args = ['round', 'watch', ROUND, '--coordinator', coordinator.url];
    const running = execa(process.execPath, [entry('cli'), ...args], { reject: false });
    await seen(coordinator, 1);
    running.kill('SIGINT');
    const { exitCode, stdout } = await running;
    expect([exitCode, stdout]).toEqual([130, '']);
  });
});

describe.concurrent('on a terminal', () => {
  test.each<[claim: string, env: Record<string, string>, colours: boolean]>([
    ['a report has colours', {}, true],
    ['NO_COLOR takes them away', { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR does not', { NO_COLOR: '' }, true],
    ['a dumb one has none', { TERM: 'dumb' }, false],
  ])('%s', async (_claim, env, colours) => {
    const { url } = await standIn({ [`GET /v1/rounds/${ROUND}/report`]: { body: REPORT } });
    const command = `"${process.execPath}" "${entry('cli')}" report ${ROUND} --coordinator ${url}`;
    // util-linux, essential on Debian: runs a command on a terminal of its own.
    const { stdout } = await execa('script', ['-qec', command, '/dev/null'], {
      env: { PATH: process.env['PATH'] ?? '', SHELL: '/bin/sh', TERM: 'xterm', ...env },
      extendEnv: false,
      stdin: 'ignore',
    });
    expect(stdout).toContain('reproduced');
    expect(stdout.includes('\u001b[')).toBe(colours);
  });
});

/** Waits until the coordinator was asked so often. */
async function seen({ requests }: StandIn, count: number): Promise<void> {
  await expect.poll(() => requests.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);
}
