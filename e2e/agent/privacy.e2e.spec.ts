import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  parseStatement,
  readResult,
  unverifiedPayload,
  type Envelope,
  type Result,
} from '#libs/attestation';
import {
  FileBytes,
  FileBytesAnswer,
  Heartbeat,
  Progress,
  reportMarkdown,
  reportTerminal,
  SUBJECTS,
  type Report,
} from '#libs/contracts';
import { fromBase64, fromHex, toBase64 } from '#libs/encoding';
import { askBuilder, connectNats } from '#libs/messaging';
import { eventually } from '#libs/testing';
import { electGuestos, five } from '../scenarios/parts.js';
import { CannotRunHere, runScenario, SILENT } from '../scenarios/run-scenario.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { Stack } from '../stack/stack.js';

const HOSTNAME = 'eyjafjallajokull-7';
const PROGRESS = /^quorum\.v1\.progress\./;

/** One message, as anybody who hears all of NATS can read it. */
interface Heard {
  readonly subject: string;
  readonly text: string;
}

let before: readonly Heard[];
let after: readonly Heard[];
let result: Result & { kind: 'built' };
let report: Report;
let attestations: string;
let buildLog: string;
let secrets: readonly string[];
let early: FileBytesAnswer;
let late: FileBytesAnswer;
let reason: string | undefined;

/** One builder's round, its host name written into the images, all of NATS listened to. */
beforeAll(async () => {
  const heard: Heard[] = [];
  let closedAt = 0;
  const scenario: Scenario = {
    name: 'one-real-builder',
    story: 'one of five builds; everything that is said is heard',
    defects: { guestos: ['hostname'] },
    builders: () => five([{ hostname: HOSTNAME }]),
    proposal: electGuestos,
    // What a reading's error tells is made public too.
    sabotage: ({ world, published }) => {
      const { cdnPath } = published.artifacts['hostos/update-img'];
      world.network.setFault(cdnPath, { kind: 'missing' });
    },
    play: async ({ stack, until, closeRound, watch }) => {
      const nats = await connectNats({ url: await natsUrlOf(stack), name: 'eavesdropper' });
      nats.subscribe('>', {
        callback: (_, { subject, data, headers }) => {
          const head = JSON.stringify([...(headers ?? [])]);
          heard.push({ subject, text: legible(`${Buffer.from(data).toString('utf8')}\n${head}`) });
        },
      });
      await nats.flush();
      await stack.builders[0]!.start();
      await until('the commit', ({ builders }) =>
        builders.some(({ state }) => state === 'committed'),
      );
      await nats.flush();
      closedAt = heard.length;
      const { data: told } = JSON.parse(
        heard.find(({ subject }) => PROGRESS.test(subject))!.text.split('\n')[0]!,
      ) as { data: unknown };
      const asked = JSON.stringify({
        ...{ round: Progress.parse(told).round, artifact: 'guestos/update-img' },
        ...{ location: ['', '', 'root.img', 'opt/ic/share/build-host.txt'] },
        ...{ offset: 0, length: 1_000 },
      });
      const question = {
        ...{ subject: SUBJECTS.fileBytes, builder: stack.builders[0]!.id },
        ...{ body: asked, timeoutMs: 30_000 },
      };
      const ask = async (): Promise<FileBytesAnswer> =>
        FileBytesAnswer.parse((await askBuilder(nats, question)).json());
      early = await ask();
      await closeRound();
      await watch();
      // The verdict may be here before the receipt of the result is there.
      late = await eventually('bytes', ask, (answer) => !('refused' in answer));
      await nats.flush();
      await nats.close();
    },
  };
  try {
    await runScenario(scenario, SILENT, async (stack, played) => {
      const [builder] = stack.builders;
      const round = played.report.round!.round;
      const folder = join(stack.dir, 'builders/builder-1/state/jobs', round);
      buildLog = await readFile(join(folder, 'build.log'), 'utf8');
      report = played.report;
      attestations = played
        .attestations!.attestations.map(({ envelope }) => legible(JSON.stringify(envelope)))
        .join('\n');
      const shown = played.attestations!.attestations.find(({ kind }) => kind === 'result');
      result = builtResult(shown!.envelope);
      secrets = [HOSTNAME, stack.dir, builder!.environment.home, builder!.environment.tempDir];
    });
  } catch (error) {
    if (!(error instanceof CannotRunHere)) throw error;
    reason = error.message;
  }
  [before, after] = [heard.slice(0, closedAt), heard.slice(closedAt)];
});

describe('until the round is closed', () => {
  test('what a builder says is that it is at work, and its commit', (context) => {
    context.skip(reason !== undefined, reason);
    const own = before.filter(({ subject }) => subject.endsWith(result.builder));
    const kinds = new Set(own.map(({ subject }) => subject.split('.').slice(0, -1).join('.')));
    // What the coordinator tells and asks it, on its own subjects.
    const theirs = /to-builder|^quorum\.v1\.cosign$/;
    expect([...kinds].filter((kind) => !theirs.test(kind)).toSorted()).toEqual([
      // It asks for what it is to be told.
      ...['$JS.API.CONSUMER.INFO.DISPATCH', '$JS.API.CONSUMER.MSG.NEXT.DISPATCH'],
      ...['quorum.v1.from-builder.commit-submitted', 'quorum.v1.heartbeat', 'quorum.v1.progress'],
    ]);
    // Envelopes are read through: what follows looks into them as well.
    expect(own.some(({ text }) => text.includes('"commitment"'))).toBe(true);
  });

  test('a heartbeat is what the agent has to do, and the room that it has', (context) => {
    context.skip(reason !== undefined, reason);
    const told = before.filter(({ subject }) => subject.startsWith('quorum.v1.heartbeat.'));
    expect(told.length).toBeGreaterThan(0);
    for (const { text } of told) {
      expect(Object.keys(Heartbeat.parse(JSON.parse(text.split('\n')[0]!))).toSorted()).toEqual([
        ...['agentVersion', 'at', 'builder', 'freeBytes', 'mood', 'queued', 'requeued'],
        ...['running', 'slots'],
      ]);
    }
  });

  test('progress is round, builder, stage, share and byte count, and nothing else', (context) => {
    context.skip(reason !== undefined, reason);
    const told = before
      .filter(({ subject }) => PROGRESS.test(subject))
      .map(({ text }) => JSON.parse(text.split('\n')[0]!) as { data: unknown });
    const stages = new Set<string>();
    for (const { data, ...rest } of told) {
      expect(Object.keys(rest)).toEqual(['pattern']);
      expect(Object.keys(data as object).toSorted()).toEqual([
        ...['builder', 'percent', 'round', 'sizeBytes', 'stage'],
      ]);
      stages.add(Progress.parse(data).stage);
    }
    expect([...stages]).toEqual(expect.arrayContaining(['source', 'build', 'outputs']));
  });

  test('no message holds the digest of an output, in any writing', (context) => {
    context.skip(reason !== undefined, reason);
    expect(result.outputs).toHaveLength(5);
    const digests = result.outputs
      // What agrees with the proposal is in the dispatch, for all to read.
      .filter(({ sha256 }) => !report.artifacts.some(({ expected }) => expected === sha256))
      .map(({ sha256 }) => sha256);
    expect(digests).toHaveLength(5);
    for (const { text, subject } of before) {
      for (const digest of digests) {
        const base64 = toBase64(fromHex(digest)).replaceAll('=', '');
        for (const written of [digest, base64, digest.slice(0, 16)]) {
          expect(text.toLowerCase(), subject).not.toContain(written.toLowerCase());
        }
      }
    }
  });

  test('no message holds a line of the build’s log', (context) => {
    context.skip(reason !== undefined, reason);
    const lines = buildLog.split('\n').filter((line) => line.length >= 12);
    expect(lines.length).toBeGreaterThan(10);
    for (const { text, subject } of before) {
      for (const line of lines) expect(text, subject).not.toContain(line);
    }
  });

  test('no message holds a fact about the machine, nor the name of one', (context) => {
    context.skip(reason !== undefined, reason);
    const { facts } = result.environment;
    const values = Object.values(facts).filter(
      (value) => typeof value === 'string' && value.length >= 8,
    ) as string[];
    expect(values.length).toBeGreaterThan(5);
    for (const { text, subject } of before) {
      for (const told of [...Object.keys(facts), ...values]) {
        expect(text, subject).not.toContain(told);
      }
    }
  });
});

describe('after the round is closed', () => {
  test('what was kept back is there', (context) => {
    context.skip(reason !== undefined, reason);
    expect(after.some(({ text }) => text.includes(result.outputs[0]!.sha256))).toBe(true);
    expect(result.environment.facts['machine.hostname']).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(result.environment.facts['user.home']).toMatch(/^sha256:[0-9a-f]{64}$/);
    const [refused] = result.published.flatMap(({ error }) => error ?? []);
    expect(refused?.code).toBe('HTTP_REFUSED');
    expect(refused?.message).toContain('http://<address>:');
  });

  test('a builder that is asked what is inside shows no name of its own, and says which stood there', (context) => {
    context.skip(reason !== undefined, reason);
    expect(early).toEqual({ refused: 'not-revealed' });
    const { bytes, masks } = FileBytes.parse(late);
    const host = '#'.repeat(HOSTNAME.length);
    expect(Buffer.from(fromBase64(bytes)).toString()).toBe(`built on ${host}\n`);
    expect(masks).toEqual([{ offset: 9, length: host.length, fact: 'machine.hostname' }]);
  });

  test('nothing that is public holds host name, home or build path in clear', (context) => {
    context.skip(reason !== undefined, reason);
    const published = [
      ...[...before, ...after].map(({ text }) => text),
      ...[
        attestations,
        JSON.stringify(report),
        reportMarkdown(report),
        reportTerminal(report, { color: false }),
      ],
    ];
    // The log of the build has them; it is not published.
    expect(buildLog).toContain(secrets[1]);
    for (const text of published) {
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });
});

/** The text together with everything in it that is base64 of text, such as an envelope's payload. */
function legible(text: string): string {
  const inner = [...text.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].map(([encoded]) =>
    Buffer.from(encoded, 'base64').toString('utf8'),
  );
  return [text, ...inner.filter((decoded) => !decoded.includes('\ufffd'))].join('\n');
}

function builtResult(envelope: Envelope): Result & { kind: 'built' } {
  const read = readResult(parseStatement(unverifiedPayload(envelope)));
  if (read.kind !== 'built') throw new Error(`the build failed: ${read.message}`);
  return read;
}

/** The address that the stack gave to its coordinator. */
async function natsUrlOf({ coordinator }: Stack): Promise<string> {
  const environment = await readFile(`/proc/${coordinator.pid}/environ`, 'utf8');
  return /(?:^|\0)NATS_URL=([^\0]+)/.exec(environment)?.[1] ?? '';
}
