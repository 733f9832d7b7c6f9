import { describe, expect, test } from 'vitest';
import { Environment } from '#libs/attestation';
import { catalogue, unknownBuild, type Facts } from '#libs/fingerprint';
import { publicEnvironment, publicInputs } from './environment.js';

const [ROUND, ANOTHER_ROUND] = ['1'.repeat(64), '2'.repeat(64)];
const SALTED = ['machine.hostname', 'user.name', 'user.home', 'build.path'] as const;

const blank = Object.fromEntries(catalogue.map(({ name }) => [name, null])) as unknown as Facts;
const facts: Facts = {
  ...blank,
  ...unknownBuild,
  'machine.hostname': 'ada-laptop',
  'user.name': 'lovelace',
  'user.home': '/home/lovelace',
  'build.path': '/home/lovelace/builds',
  'os.kernel': '6.1.0-21-amd64',
  'cpu.count': 2,
  'temp.tmpfs': false,
};
const publish = (round: string, withheld: readonly string[] = []): Environment =>
  publicEnvironment(facts, round, withheld);

describe('a public environment', () => {
  test('is what a result may carry, and says that it was measured', () => {
    const environment = publish(ROUND);
    expect(Environment.parse(environment)).toEqual(environment);
    expect(environment.source).toBe('measured');
    expect(environment.facts).toMatchObject({ 'os.kernel': '6.1.0-21-amd64', 'cpu.count': 2 });
  });

  test('of two builders of a round tells whether their private facts are equal', () => {
    const [one, other] = [publish(ROUND), publish(ROUND)];
    for (const name of SALTED) {
      expect(one.facts[name]).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(one.facts[name]).toBe(other.facts[name]);
    }
    const moved = publicEnvironment({ ...facts, 'user.name': 'babbage' }, ROUND, []);
    expect(moved.facts['user.name']).not.toBe(one.facts['user.name']);
  });

  test('cannot be followed by its private facts from round to round', () => {
    const [one, other] = [publish(ROUND), publish(ANOTHER_ROUND)];
    for (const name of SALTED) expect(one.facts[name]).not.toBe(other.facts[name]);
    expect(one.facts['os.kernel']).toBe(other.facts['os.kernel']);
  });

  test('holds no private fact in clear', () => {
    const text = JSON.stringify(publish(ROUND));
    for (const secret of ['ada-laptop', 'lovelace', '/home']) expect(text).not.toContain(secret);
  });

  test('names what was kept back apart, and says nothing more of it', () => {
    const environment = publish(ROUND, ['os.kernel', 'user.name']);
    expect(environment.withheld.toSorted()).toEqual(['os.kernel', 'user.name']);
    expect(Object.keys(environment.facts)).not.toContain('os.kernel');
    expect(Object.keys(environment.facts)).not.toContain('user.name');
    expect(JSON.stringify(environment)).not.toContain('6.1.0-21');
  });

  test('tells a fact that could not be read from one that was kept back', () => {
    const environment = publish(ROUND, ['cpu.count']);
    expect(environment.facts['cpu.model']).toBeNull();
    expect(environment.facts['cpu.count']).toBeUndefined();
  });

  test('names each fact of the catalogue once, told or withheld', () => {
    const { facts: told, withheld } = publish(ROUND, ['cpu.count', 'os.id']);
    const names = [...Object.keys(told), ...withheld].toSorted();
    expect(names).toEqual(catalogue.map(({ name }) => name).toSorted());
  });
});

test('an input that tells what is kept back is kept back, too', () => {
  const digest = { sha256: 'a'.repeat(64) };
  const inputs = { source: { gitCommit: 'b' }, 'build-image': digest, 'build-script': digest };
  expect(publicInputs(inputs, ['os.kernel'])).toEqual(inputs);
  expect(Object.keys(publicInputs(inputs, ['container.image-digest']))).toEqual([
    ...['source', 'build-script'],
  ]);
  expect(Object.keys(publicInputs(inputs, ['build.script-digest']))).toEqual([
    ...['source', 'build-image'],
  ]);
});
