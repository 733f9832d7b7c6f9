import { describe, expect, test } from 'vitest';
import { conclude } from '../conclusion/conclude.js';
import type { Difference, Finding } from '../difference.js';
import type { ByteAsker, MaskedBytes } from './byte-asker.js';
import { investigate } from './investigate.js';
import { MemoryAsker } from './memory-asker.fixture.js';
import { toldFile } from './told-file.fixture.js';

const NOT_TOLD = { class: 'unknown', notLookedAt: 'part' };
const EARLY = Buffer.from('built 2026-11-21T20:10:00Z\n');
const LATE = Buffer.from('built 2026-11-21T20:12:07Z\n');

/** Answers as an honest side does, but for what it shows. */
class Showing extends MemoryAsker {
  constructor(
    files: Readonly<Record<string, Uint8Array>>,
    private readonly show: (honest: MaskedBytes, offset: number) => MaskedBytes,
  ) {
    super(files);
  }

  override async bytes(...asked: Parameters<ByteAsker['bytes']>): Promise<MaskedBytes> {
    return this.show(await super.bytes(...asked), asked[1]);
  }
}

function conclusionOf(findings: readonly Finding[]): string {
  const observations = ['L', 'R'].map((cluster) => ({ builder: cluster, cluster, facts: {} }));
  const comparisons = [{ left: 'L', right: 'R', findings }];
  return conclude({ observations, separators: [], comparisons }).conclusion;
}

function lookAt(told: Difference, left: ByteAsker, right: ByteAsker): Promise<readonly Finding[]> {
  return investigate({ differences: [told], left, right });
}

const partsOf = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ notLookedAt }) => notLookedAt === 'part');

describe('a file of which a builder shows something else than its manifest tells', () => {
  const evil = Buffer.concat([LATE, Buffer.from('x'.repeat(6900))]);

  test.each<readonly [string, Uint8Array, Uint8Array]>([
    ['a beginning of it', evil, LATE],
    ['other bytes of the same length', Buffer.from('wrote 2026-11-21T20:12:07Z\n'), LATE],
    ['nothing', LATE, Buffer.alloc(0)],
  ])('is not explained by what is shown: %s', async (_, real, shown) => {
    const told = toldFile('x', EARLY, real);
    const [left, right] = [new MemoryAsker({ x: EARLY }), new MemoryAsker({ x: shown })];
    const findings = await lookAt(told, left, right);
    expect(partsOf(findings)).toMatchObject([NOT_TOLD]);
    expect(conclusionOf(findings)).toBe('unexplained');
    const honest = await lookAt(toldFile('x', EARLY, LATE), left, new MemoryAsker({ x: LATE }));
    expect(conclusionOf(honest)).toBe('explained');
  });

  test('is known by its length where it is masked', async () => {
    const masks = [{ offset: 6, length: 4, fact: 'machine.hostname' }];
    const masked = (honest: MaskedBytes): MaskedBytes => ({ ...honest, masks });
    const look = (real: Uint8Array): Promise<readonly Finding[]> =>
      lookAt(
        toldFile('x', EARLY, real),
        new Showing({ x: EARLY }, masked),
        new Showing({ x: LATE }, masked),
      );
    expect(partsOf(await look(evil))).toMatchObject([NOT_TOLD]);
    expect(partsOf(await look(LATE))).toEqual([]);
  });

  test.each([
    ['read as a whole', 12_000],
    ['aligned', 100_000],
  ])('is not looked at where it is %s, and its size is not what was told', async (_, bytes) => {
    const text = (stamp: Buffer, length: number): Buffer =>
      Buffer.concat([stamp, Buffer.alloc(length, 'some line of a script\n')]);
    const [left, shown] = [text(EARLY, bytes), text(LATE, bytes + 30)];
    const told = toldFile('x', left, text(LATE, bytes + 4000));
    const findings = await lookAt(
      told,
      new MemoryAsker({ x: left }),
      new MemoryAsker({ x: shown }),
    );
    expect(partsOf(findings)).toMatchObject([NOT_TOLD]);
  });
});

describe('a builder that answers less than it has', () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at} of a script`);
  const [left, right] = [lines, lines.map((line) => `${line}!`)].map((all) =>
    Buffer.from(all.join('\n')),
  );
  const told = toldFile('x', left!, right!);
  const dripping = ({ bytes, masks }: MaskedBytes, offset: number): MaskedBytes => ({
    ...{ masks, bytes: offset === 0 ? bytes : bytes.subarray(0, 1) },
  });

  test('is not asked for each byte, and is no explanation', async () => {
    const [honest, drip] = [new MemoryAsker({ x: left! }), new Showing({ x: right! }, dripping)];
    const findings = await lookAt(told, honest, drip);
    expect(drip.questions).toBeLessThan(64);
    expect(partsOf(findings)).toMatchObject([NOT_TOLD]);
  });

  test('is no explanation where a place that differs is cut', async () => {
    const bytes = new Uint8Array(300_000).fill(7);
    const [before, after] = [Buffer.from(bytes), Buffer.from(bytes)];
    before.write('\0built 2026-11-21T20:10:00Z\0', 200_000);
    after.write('\0built 2026-11-21T20:12:07Z\0evil', 200_000);
    const cut = ({ bytes: all, masks }: MaskedBytes, offset: number): MaskedBytes => ({
      ...{
        masks,
        bytes: offset === 0 ? all : all.subarray(0, Buffer.from(all).indexOf('\0evil') + 1),
      },
    });
    const findings = await lookAt(
      toldFile('x', before, after),
      new MemoryAsker({ x: before }),
      new Showing({ x: after }, cut),
    );
    expect(findings).toMatchObject([{ class: 'unknown', notLookedAt: 'file' }]);
  });
});
