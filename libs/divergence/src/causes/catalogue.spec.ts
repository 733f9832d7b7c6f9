import { describe, expect, test } from 'vitest';
import { catalogue } from '#libs/fingerprint';
import { fileAt } from '../classes/excerpt.fixture.js';
import { conclude } from '../conclusion/conclude.js';
import type { Difference, Finding } from '../difference.js';
import type { FactValue, Observation } from '../explanation.js';
import { separators } from '../statistics/separators.js';
import { CAUSES } from './catalogue.js';

type Values = readonly [left: FactValue, right: FactValue];

/** A finding that has a cause's trace, and facts that part two clusters as it would. */
interface Trial {
  readonly finding: Pick<Finding, 'class'> & Partial<Finding>;
  readonly difference?: Partial<Difference>;
  readonly facts?: Readonly<Record<string, Values>>;
  /** Whether its mark is a value that was told: then a withheld one shows nothing. */
  readonly isTold?: true;
}

const of = (kind: Finding['class'], difference: Partial<Difference> = {}): Trial => ({
  ...{ finding: { class: kind }, difference },
});
const one = (name: string, values: Values): Readonly<Record<string, Values>> => ({
  [name]: values,
});
const seen = (kind: Finding['class'], fact: string, values: Values): Trial => ({
  ...{ finding: { class: kind, seenFacts: [fact] }, facts: { [fact]: values } },
});
const order = { temp: ['ext4', 'tmpfs'], cpu: [2, 8], locale: ['C.UTF-8', 'en_US.UTF-8'] } as const;
const same: Readonly<Record<string, Values>> = {
  'temp.filesystem': ['ext4', 'ext4'],
  'disk.build.filesystem': ['ext4', 'ext4'],
  'cpu.count': [4, 4],
  'locale.collation': ['C.UTF-8', 'C.UTF-8'],
};

const COMMIT = 'bcac7ca3862fd8409d56d9dcda919a5f25acbbd4';
const version = (left: string, right: string): Trial => ({
  finding: {
    class: 'unknown',
    diff: `--- left\n+++ right\n@@ -1,1 +1,1 @@\n-${left}\n+${right}\n`,
  },
  difference: { location: ['', '', 'VERSION.TXT'] },
});
const onRight = (path: string): Trial =>
  of('only-in-one', {
    ...{ aspects: ['presence'], location: ['', '', 'root.img', path] },
    ...{ left: null, right: { mode: '0644', size: 0 } },
  });

/** One trial for each row that leaves a trace. */
const TRACES: Readonly<Record<string, Trial>> = {
  timestamp: of('timestamp'),
  'time-zone': seen('timestamp', 'time.zone', ['UTC', 'Europe/Zurich']),
  'build-path': seen('build-path', 'build.path', ['sha256:1', 'sha256:2']),
  hostname: seen('hostname', 'machine.hostname', ['sha256:1', 'sha256:2']),
  user: seen('user', 'user.name', ['sha256:1', 'sha256:2']),
  'kernel-release': seen('package-version', 'os.kernel', ['6.1.0', '2.6.61']),
  'processor-count': seen('unknown', 'cpu.count', [2, 8]),
  'locale-order': { ...of('locale'), facts: { ...same, 'locale.collation': order.locale } },
  'unsorted-directory': {
    ...of('ordering', { kind: 'directory', aspects: ['order'] }),
    facts: { ...same, 'temp.filesystem': order.temp },
  },
  parallelism: { ...of('ordering'), facts: { ...same, 'cpu.count': order.cpu } },
  'random-id': of('random-id', { kind: 'ext4', aspects: ['header'] }),
  'package-drift': of('package-version'),
  mtime: of('timestamp', { aspects: ['time'] }),
  'umask-mode': {
    ...of('mode-owner', { aspects: ['mode'], left: { mode: '0644' }, right: { mode: '0600' } }),
    facts: one('user.umask', ['0022', '0077']),
  },
  'uid-owner': {
    ...of('mode-owner', { aspects: ['owner'], left: { uid: 0 }, right: { uid: 1000 } }),
    ...{ facts: one('user.uid', [0, 1000]), isTold: true },
  },
  'hash-seed': of('filesystem-header', {
    ...({ kind: 'ext4', aspects: ['header'] } as const),
    ...{ left: { 'hash-seed': 'a' }, right: { 'hash-seed': 'b' } },
  }),
  'filesystem-tool': {
    ...of('filesystem-header', {
      ...({ kind: 'ext4', aspects: ['header'] } as const),
      ...{ left: { features: 'a' }, right: { features: 'b' } },
    }),
    facts: one('container.image-digest', ['sha256:1', 'sha256:2']),
  },
  'gzip-level': of('compression', { kind: 'gzip', aspects: ['header'] }),
  'zstd-level': of('compression', { kind: 'zstd', aspects: ['content'] }),
  'hole-map': {
    ...of('hole-map', { aspects: ['holes'] }),
    facts: one('temp.block-size', [4096, 1024]),
  },
  xattr: of('xattr', {
    ...({ aspects: ['xattr'], left: {} } as const),
    right: { 'xattr.security.selinux': 'unconfined_u:object_r:user_home_t:s0' },
  }),
  'extra-file': onRight('var/lib/dpkg/lock'),
  'bytecode-cache': onRight('usr/lib/python3/__pycache__/abc.cpython-310.pyc'),
  'shallow-source': {
    ...version(COMMIT, '0'.repeat(40)),
    facts: one('source.shallow', [false, true]),
  },
  'dirty-tree': {
    ...version(COMMIT, `${COMMIT}-dirty`),
    facts: one('source.clean', [true, false]),
  },
  'stale-download': version(COMMIT, '79faae8b354edbf45ae858f1c88bcd1eba4897a5'),
  'other-artifact': { finding: { class: 'embedded-hash', impliedBy: ['guestos/update-img'] } },
};

function observations(
  facts: Readonly<Record<string, Values>>,
  [onLeft, onRight]: readonly [number, number],
): Observation[] {
  return [onLeft, onRight].flatMap((count, side) =>
    Array.from({ length: count }, (_, index) => ({
      builder: `builder-${side}-${index}`,
      cluster: side === 0 ? 'left' : 'right',
      facts: Object.fromEntries(
        Object.entries(facts).map(([name, values]) => [name, values[side] ?? null]),
      ),
    })),
  );
}

function told(trial: Trial, facts = trial.facts ?? {}): ReturnType<typeof conclude> {
  const difference = fileAt('x', trial.difference);
  const finding: Finding = { difference, detail: 'x', seenFacts: [], ...trial.finding };
  return conclude({
    observations: observations(facts, [3, 2]),
    separators: separators(observations(facts, [3, 2])).groups,
    comparisons: [{ left: 'left', right: 'right', findings: [finding] }],
  });
}

describe.for(CAUSES.map((cause) => [cause.id, cause] as const))('%s', ([id, cause]) => {
  const trial = TRACES[id];

  test('says what it is, how it shows, and what mends it', () => {
    for (const text of [cause.title, cause.symptom, cause.remedy]) {
      expect(text).toMatch(/^\S.{8,}[^.]$/);
    }
    expect(CAUSES.filter((other) => other.id === id)).toHaveLength(1);
  });

  test('names facts that a fingerprint has', () => {
    const names: readonly string[] = catalogue.map(({ name }) => name);
    for (const fact of [...cause.facts, ...(cause.related ?? [])]) expect(names).toContain(fact);
  });

  test('leaves a trace that is tried here, or none', () => {
    expect(trial !== undefined).toBe(cause.trace !== null);
  });

  test('alone is what explains a split of five builders, or twenty where there is no trace', () => {
    if (trial !== undefined) {
      expect(told(trial)).toMatchObject({ conclusion: 'explained', suspicions: [{ cause: id }] });
      return;
    }
    // Facts of its own, and the first of them alone.
    for (const facts of [cause.facts, cause.facts.slice(0, 1)]) {
      const values = Object.fromEntries(facts.map((fact) => [fact, ['this', 'that'] as const]));
      const builders = observations(values, [10, 10]);
      const { groups } = separators(builders);
      const { conclusion, suspicions } = conclude({
        ...{ observations: builders, separators: groups, comparisons: [] },
      });
      expect([conclusion, suspicions.length]).toEqual(['explained', 1]);
      expect(suspicions[0]).toMatchObject({
        ...{ cause: id, grounds: 'statistics', remedy: cause.remedy },
      });
      expect(suspicions[0]?.facts.toSorted()).toEqual(facts.toSorted());
    }
  });

  test('is ruled out where all its facts are known and equal', () => {
    if (trial === undefined || cause.facts.length === 0) return;
    const equal = Object.fromEntries(cause.facts.map((fact) => [fact, ['same', 'same'] as const]));
    const { suspicions } = told(trial, { ...trial.facts, ...equal });
    expect(suspicions.map((suspicion) => suspicion.cause)).not.toContain(id);
  });

  test('stays possible where its facts were withheld, unless its mark is one of them', () => {
    if (trial === undefined) return;
    const causes = told(trial, {}).suspicions.map((suspicion) => suspicion.cause);
    expect(causes.includes(id)).toBe(trial.isTold !== true);
  });
});

test('a fact that rows with a trace name alike is of no cause by numbers: bytes would tell', () => {
  const builders = observations({ 'cpu.count': [2, 8] }, [10, 10]);
  const { groups } = separators(builders);
  const { suspicions } = conclude({ observations: builders, separators: groups, comparisons: [] });
  expect(suspicions).toMatchObject([{ cause: 'fact:cpu.count', remedy: null }]);
});
