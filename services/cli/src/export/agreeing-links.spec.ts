import { describe, expect, test } from 'vitest';
import {
  legacyLink,
  resultStatement,
  signStatement,
  unverifiedPayload,
  type LegacyLink,
  type Result,
  type Signer,
} from '#libs/attestation';
import type { ArtifactReport } from '#libs/contracts';
import {
  makeRelease,
  makeResult,
  makeRoster,
  makeRound,
  makeSigner,
  outputDigest,
} from '#libs/testing';
import { agreedProducts, agreeingLinks, type LinkSource } from './agreeing-links.js';
import type { ExportedEntry } from './exported-round.js';

const signers = [1, 2, 3, 4, 5].map(makeSigner);
const release = makeRelease();
const GUEST = 'guestos/update-img';
const SETUP = 'setupos/disk-img';
const operators = Object.fromEntries(signers.map((signer, at) => [`operator-${at}`, [signer]]));
const { round, open } = makeRound(makeRoster(operators), { release });

/** What each builder made of the elected artifact, and of the other one. */
type Made = readonly (readonly [guest: string, setup: string])[];

function artifact(name: string, elected: boolean, variants: readonly string[]): ArtifactReport {
  const clusters = [...new Set(variants)].map((variant) => {
    const members = variants.flatMap((it, at) => (it === variant ? [`operator-${at}`] : []));
    const digest = outputDigest(name, variant);
    return { digest, operators: members, builders: members, matchesExpected: variant === 'good' };
  });
  return {
    ...{ name, elected, clusters, expected: null, verdict: 'agreed', needed: 3 },
    ...{ flags: [], failed: [], missing: [], unrevealed: [], late: [] },
    ...{ selfContradicting: [], impliedBy: [] },
  };
}

function resultOf(signer: Signer, [guest, setup]: Made[number]): Result & { kind: 'built' } {
  const result = makeResult({ round, release, builder: signer.id });
  const variants: Readonly<Record<string, string>> = { [GUEST]: guest, [SETUP]: setup };
  const outputs = result.outputs.map((output) => {
    return { ...output, sha256: outputDigest(output.name, variants[output.name]) };
  });
  return { ...result, outputs };
}

function sourceOf(made: Made, linkOf = legacyLink): LinkSource & { all: readonly LegacyLink[] } {
  const results = made.map((one, at) => resultOf(signers[at]!, one));
  const all = results.map((result, at) => linkOf(result, signers[at]!));
  const entries = results.map((result, at): ExportedEntry => {
    const envelope = signStatement(resultStatement(result), signers[at]!);
    return {
      ...{ envelope, index: at, kind: 'result', builder: result.builder, proof: null },
      ...{ publicKey: signers[at]!.publicKey, operator: `operator-${at}` },
      payload: unverifiedPayload(envelope),
    };
  });
  const artifacts = [
    artifact(
      GUEST,
      true,
      made.map(([guest]) => guest),
    ),
    artifact(
      SETUP,
      false,
      made.map(([, setup]) => setup),
    ),
  ];
  const links = results.map(({ builder }, at) => ({ builder, link: { ...all[at] } }));
  return { report: { artifacts }, open, entries, links, all };
}

const given = (source: LinkSource): string[] =>
  agreeingLinks(source)
    .map(({ operator }) => operator)
    .toSorted();
const GOOD = ['good', 'good'] as const;

describe('links for one folder', () => {
  test('are those of all builders that agree', () => {
    const source = sourceOf([GOOD, GOOD, GOOD, GOOD, GOOD]);
    expect(given(source)).toEqual(signers.map((_, at) => `operator-${at}`));
    expect(agreeingLinks(source).map(({ link }) => link)).toEqual(
      expect.arrayContaining([...source.all]),
    );
  });

  test('are without that of a dissenter', () => {
    const source = sourceOf([GOOD, ['other', 'good'], GOOD, GOOD]);
    expect(given(source)).toEqual(['operator-0', 'operator-2', 'operator-3']);
  });

  test('are the most where some differ in what nobody elects, as in-toto compares all', () => {
    const source = sourceOf([GOOD, ['good', 'x'], ['good', 'x'], ['good', 'x'], GOOD]);
    expect(given(source)).toEqual(['operator-1', 'operator-2', 'operator-3']);
  });

  test('are none where nothing was agreed on, however many are equal in something', () => {
    const split = sourceOf([GOOD, GOOD, ['x', 'good'], ['y', 'good'], ['z', 'good']]);
    expect([given(split), agreedProducts(split)]).toEqual([[], null]);
  });

  test('are of results only: a link whose result is not in the log is passed over', () => {
    const source = sourceOf([GOOD, GOOD, GOOD, GOOD]);
    expect(given({ ...source, entries: source.entries.slice(0, 3) })).toHaveLength(3);
  });

  test('that say something else than their results are bad evidence', () => {
    const lying = sourceOf([GOOD, GOOD, GOOD], (result, signer) =>
      legacyLink({ ...result, outputs: result.outputs.slice(0, 1) }, signer),
    );
    expect(() => agreeingLinks(lying)).toThrow(expect.objectContaining({ code: 'WRONG_SUBJECT' }));
  });
});

test('what was agreed on is named as statements name it', () => {
  const agreed = agreedProducts(sourceOf([GOOD, GOOD, GOOD]));
  expect([...(agreed ?? [])]).toEqual([
    [`${release.name}/guest-os/update-img/update-img.tar.zst`, outputDigest(GUEST)],
  ]);
});
