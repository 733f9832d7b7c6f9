import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseStatement, readResult, unverifiedPayload, type Result } from '#libs/attestation';
import { Report, RoundAttestations, RoundLogs } from '#libs/contracts';
import { sha256, type CommitId } from '#libs/encoding';
import { eventually } from '#libs/testing';
import { EventReader } from '../../services/coordinator/src/live/event-reader.fixture.js';
import type { Builder } from '../stack/builder.js';
import { cli } from '../stack/cli.js';
import { startStack, type Stack } from '../stack/stack.js';
import { publish } from '../world/publisher.js';

/** What stands in a machine's own settings, and so in the log of what it builds. */
const COLOURED = String.raw`\033[31mred\033[0m`;
const TAGS = '<script>alert(1)</script>';

let stack: Stack;
let commit: CommitId;
let builder: Builder;
beforeAll(async () => {
  stack = await startStack(
    ({ workDir }) => [
      // A build goes no further than this before its owner says so.
      { operator: 'alice', environment: { containerRunConf: waitsFor(join(workDir, 'go')) } },
      { operator: 'bob' },
    ],
    { DEFAULT_THRESHOLD: '2' },
  );
  const { icMini, cdnRoots, workDir } = stack.world;
  commit = await icMini.commit({});
  await publish({ icMini, commit, cdnRoots, workDir });
  builder = stack.builders[0]!;
  await builder.start();
});
afterAll(() => stack.close());

function waitsFor(path: string): string {
  return [
    `printf '%b\\n' '${COLOURED}' 'began in home '"$HOME" '${TAGS}'`,
    `until [ -e '${path}' ]; do sleep 0.05; done`,
    `rm '${path}'`,
    "echo 'goes on'",
    '',
  ].join('\n');
}

async function letGo(): Promise<void> {
  await writeFile(join(stack.world.workDir, 'go'), '');
}

async function open(...more: readonly string[]): Promise<string> {
  const opened = await cli(stack, 'round', 'open', '--commit', commit, ...more);
  expect(opened.stderr).not.toContain('error');
  return opened.stdout.trim();
}

const urlOf = (round: string, path: string): string =>
  `${stack.coordinator.url}/v1/rounds/${round}/${path}`;
const logUrl = (round: string): string => urlOf(round, `logs/${builder.id}`);

async function logsOf(round: string): Promise<RoundLogs> {
  return RoundLogs.parse(await (await fetch(urlOf(round, 'logs'))).json());
}

async function until(round: string, holds: (report: Report) => boolean): Promise<void> {
  const read = async () => Report.parse(await (await fetch(urlOf(round, 'report'))).json());
  await eventually('the round', read, holds);
}

/** What the builder signed, as it is logged. */
async function resultOf(round: string): Promise<Result> {
  const { attestations } = RoundAttestations.parse(
    await (await fetch(urlOf(round, 'attestations'))).json(),
  );
  const logged = attestations.find(({ kind }) => kind === 'result')!;
  return readResult(parseStatement(unverifiedPayload(logged.envelope)));
}

async function storedLog(round: string): Promise<string> {
  await eventually(
    'the log',
    () => logsOf(round),
    ({ logs }) => logs[0]?.state === 'stored',
  );
  return (await fetch(logUrl(round))).text();
}

/** What may be shown of the log is shown, whole and in parts, and is what the builder signed. */
async function expectSigned(round: string): Promise<void> {
  const text = await storedLog(round);
  const bytes = Buffer.from(text);
  const { logSha256 } = await resultOf(round);
  expect(sha256(bytes)).toBe(logSha256);
  expect((await logsOf(round)).logs).toMatchObject([
    { builder: builder.id, sha256: logSha256, sizeBytes: bytes.length },
  ]);
  expect(text).toContain('dropping into container\n');
  expect(text).toContain('Build complete for revision');
  // Masked, and nothing in it is obeyed by a terminal.
  expect(text).toContain('red\nbegan in home <');
  expect(text).not.toContain(join(stack.dir, 'builders'));
  expect(text).not.toContain('\u001b');
  expect(text).toContain(TAGS);

  const asked = { 'accept-encoding': 'zstd' };
  const compressed = await fetch(logUrl(round), { headers: asked });
  expect(compressed.headers.get('content-encoding')).toBe('zstd');
  expect(await compressed.text()).toBe(text);
  const part = await fetch(logUrl(round), { headers: { range: 'bytes=10-29' } });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe(`bytes 10-29/${bytes.length}`);
  expect(await part.text()).toBe(bytes.toString('utf8', 10, 30));
  const end = await fetch(logUrl(round), { headers: { range: 'bytes=-40' } });
  expect(await end.text()).toBe(bytes.toString('utf8', bytes.length - 40));
}

describe('the log of a real build', () => {
  test('that is not blind is shown as it goes, masked; afterwards it is what its builder signed', async () => {
    const round = await open('--not-blind');
    const reader = await EventReader.open(urlOf(round, 'events'));
    const shown = (): string =>
      reader
        .of('log')
        .map(({ text }) => text)
        .join('');
    await eventually('the first lines', shown, (text) => text.includes(TAGS));
    expect(shown()).toContain('red\nbegan in home <');
    expect(shown()).not.toContain('goes on');
    expect(shown()).not.toContain(join(stack.dir, 'builders'));
    expect((await fetch(logUrl(round))).status).toBe(404);
    await letGo();
    await until(round, ({ builders }) => builders.some(({ state }) => state === 'built'));
    await reader.leave();
    await expectSigned(round);
  });

  test('of a blind round nothing is told before its close; then it is what its builder signed', async () => {
    const round = await open();
    const reader = await EventReader.open(urlOf(round, 'events'));
    await eventually(
      'that it builds',
      () => reader.of('progress').map(({ stage }) => stage),
      (stages) => stages.includes('build'),
    );
    await letGo();
    await until(round, ({ builders }) => builders.some(({ state }) => state === 'committed'));
    expect(reader.of('log')).toEqual([]);
    expect(await logsOf(round)).toEqual({ logs: [] });
    const early = await fetch(logUrl(round));
    expect([early.status, await early.text()]).toEqual([
      404,
      expect.stringContaining('/no-such-log"') as string,
    ]);
    expect((await cli(stack, 'round', 'close', round)).exitCode).toBe(0);
    await until(round, ({ round: told }) => told?.phase === 'final');
    expect(reader.of('log')).toEqual([]);
    await reader.leave();
    await expectSigned(round);
  });
});
