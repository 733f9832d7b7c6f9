import { beforeAll, describe, expect, test } from 'vitest';
import {
  commitmentOf,
  envelopeDigest,
  openEnvelope,
  parseStatement,
  readRoundClose,
  readRoundOpen,
  readVerdict,
  roundIdOf,
  signatureOf,
  type Envelope,
  type Statement,
} from '#libs/attestation';
import { ROUTES, type LoggedAttestation, type Report } from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { eventually, outputDigest, useQuorum, type SealedResult } from '#libs/testing';
import { ed25519Verifier, logEntry, openCheckpoint, parseVkey, verifyProofFile } from '#libs/tlog';
import { Config } from './config.js';
import { startCoordinator } from './coordinator.js';

const COMMIT = '01'.repeat(20);
const origin = 'log.example/spec';
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1 },
});

let round: string;
let sealed: readonly SealedResult[];
let report: Report;
let logged: readonly LoggedAttestation[];

beforeAll(async () => {
  const { api, builders } = quorum();
  round = await api.open({ commit: COMMIT });
  sealed = await Promise.all(
    builders.map(async (builder) => builder.seal(await builder.invitation(round))),
  );
  for (const [at, builder] of builders.entries()) await builder.commit(sealed[at]!.commit);
  await Promise.all(builders.map((builder) => builder.close(round)));
  for (const [at, builder] of builders.entries()) await builder.reveal(sealed[at]!.result);
  await api.reportIn('final', round);
  // Final is what is in the log, if not yet under a checkpoint.
  logged = await eventually(
    'a checkpoint over all entries',
    () => api.logged(round),
    (entries) => entries.every(({ proof }) => proof !== null),
  );
  report = await api.report(round);
});

async function verifiers() {
  const vkey = await (await quorum().api.get(`/${ROUTES.log}/key`)).text();
  const { name, publicKey } = parseVkey(vkey.trim());
  expect(name).toBe(origin);
  expect(publicKey).toEqual(quorum().signer.publicKey);
  return [ed25519Verifier(name, publicKey)];
}

function keyOf({ builder }: LoggedAttestation): Uint8Array {
  const found = quorum().builders.find(({ id }) => id === builder);
  return (found ?? quorum()).signer.publicKey;
}

function entryOf(attestation: LoggedAttestation): Uint8Array {
  const { envelope } = attestation;
  return logEntry({
    paeSha256: commitmentOf(envelope),
    signature: signatureOf(envelope),
    publicKey: keyOf(attestation),
  });
}

describe('a round of three builders that got the same bytes', () => {
  test('ends reproduced, with everybody in one cluster', () => {
    const ids = quorum().builders.map(({ id }) => id);
    expect(report.round).toMatchObject({
      phase: 'final',
      closeReason: 'all-committed',
      needed: 2,
      eligible: 3,
    });
    for (const { name, verdict, clusters, missing, flags } of report.artifacts) {
      expect({ name, verdict, missing, flags }).toEqual({
        name,
        verdict: 'reproduced',
        missing: [],
        flags: ['advisory'],
      });
      expect(clusters).toEqual([
        {
          digest: outputDigest(name),
          operators: ['acme', 'bits', 'coop'],
          builders: ids.toSorted(),
          matchesExpected: true,
        },
      ]);
    }
    expect(report.builders.map(({ state }) => state)).toEqual(['built', 'built', 'built']);
  });

  test('logs one open, three commits, one close, three results and one verdict, in this order', () => {
    expect(logged.map(({ kind }) => kind)).toEqual([
      'round-open',
      ...['commit', 'commit', 'commit'],
      'round-close',
      ...['result', 'result', 'result'],
      'verdict',
    ]);
    expect(report.round).toMatchObject({
      openIndex: logged[0]!.index,
      closeIndex: logged[4]!.index,
      verdictIndex: logged[8]!.index,
    });
  });

  test('tells each builder by a receipt that commit and result are in the log', async () => {
    const keys = await verifiers();
    for (const [at, builder] of quorum().builders.entries()) {
      for (const envelope of [sealed[at]!.commit, sealed[at]!.result]) {
        const { proof } = await builder.receipt(envelope);
        const { publicKey } = builder.signer;
        const entry = logEntry({
          paeSha256: commitmentOf(envelope),
          signature: signatureOf(envelope),
          publicKey,
        });
        const { index } = verifyProofFile({ text: proof, entry, verifiers: keys, origin });
        const found = logged.find((it) => it.index === Number(index));
        expect(found!.envelope).toEqual(envelope);
      }
    }
  });

  test('proves every entry against the newest checkpoint', async () => {
    const keys = await verifiers();
    const note = await (await quorum().api.get(`/${ROUTES.log}/checkpoint`)).text();
    const { checkpoint } = openCheckpoint(note, keys, origin);
    expect(checkpoint.size).toBeGreaterThanOrEqual(BigInt(logged.length));
    expect(report.log).toEqual({ origin, checkpoint: note });
    for (const attestation of logged) {
      const entry = entryOf(attestation);
      const text = attestation.proof!;
      expect(text.endsWith(note)).toBe(true);
      const proven = verifyProofFile({ text, entry, verifiers: keys, origin });
      expect(proven.index).toBe(BigInt(attestation.index));
    }
  });

  test('gives each envelope by its digest, as it was signed', async () => {
    for (const { result } of sealed) {
      const response = await quorum().api.get(`/${ROUTES.attestations}/${envelopeDigest(result)}`);
      expect(await response.json()).toMatchObject({ envelope: result, kind: 'result' });
    }
  });
});

describe('the coordinator’s own words', () => {
  function own(kind: LoggedAttestation['kind']): Statement {
    const { envelope } = logged.find((attestation) => attestation.kind === kind)!;
    return parseStatement(openEnvelope(envelope, quorum().signer.publicKey));
  }
  function openingOf(): Envelope {
    return logged[0]!.envelope;
  }

  test('open the round under the digest of what was signed, with the roster and the rules', async () => {
    const opened = readRoundOpen(own('round-open'));
    expect(roundIdOf(openEnvelope(openingOf(), quorum().signer.publicKey))).toBe(round);
    expect(opened.release).toEqual(report.release);
    expect(opened.roster.map(({ operator }) => operator)).toEqual(['acme', 'bits', 'coop']);
    for (const builder of quorum().builders) {
      expect((await builder.invitation(round)).envelope).toEqual(openingOf());
    }
  });

  test('close it once, and are what builders were told', async () => {
    expect(readRoundClose(own('round-close'))).toMatchObject({ round, reason: 'all-committed' });
    for (const builder of quorum().builders) {
      expect((await builder.close(round)).roundClose).toEqual(logged[4]!.envelope);
    }
  });

  test('give the verdict that the report shows', () => {
    const verdict = readVerdict(own('verdict'));
    expect(verdict).toEqual({ round, artifacts: report.artifacts });
  });

  test('name as inputs of the verdict every commit and result', () => {
    const { predicate } = own('verdict');
    const inputs = logged
      .filter(({ kind }) => kind === 'commit' || kind === 'result')
      .map(({ index, envelope }) => ({
        uri: `log:${origin}#${index}`,
        digest: { sha256: envelopeDigest(envelope) },
      }));
    expect(predicate).toMatchObject({ verificationResult: 'PASSED', inputAttestations: inputs });
  });
});

describe('another round on the same commit', () => {
  async function play(id: string): Promise<void> {
    for (const builder of quorum().builders) {
      const { commit, result } = builder.seal(await builder.invitation(id));
      await builder.commit(commit);
      void builder.close(id).then(() => builder.reveal(result));
    }
  }

  test.each([
    ['decided before', COMMIT, () => [round]],
    ['still open', '02'.repeat(20), () => []],
  ])('that is %s is told in the report and in the signed verdict', async (_, commit, before) => {
    const { api, signer } = quorum();
    const [mine, open] = [await api.open({ commit }), await api.open({ commit })];
    await play(mine);
    const after = await api.reportIn('final', mine);
    expect(after.otherRounds.map((other) => other.round)).toEqual([...before(), open]);
    for (const { flags } of after.artifacts) expect(flags).toContain('repeated');
    const { envelope } = (await api.logged(mine)).at(-1)!;
    const statement = parseStatement(openEnvelope(envelope, signer.publicKey));
    expect(readVerdict(statement).artifacts).toEqual(after.artifacts);
    for (const earlier of before()) {
      const told = await api.report(earlier);
      expect(told.otherRounds.map((other) => other.round)).toEqual([mine, open]);
      // Its own verdict was signed before these were opened.
      expect(told.artifacts).toEqual(report.artifacts);
    }
  });
});
