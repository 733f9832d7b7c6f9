import { beforeAll, describe, expect, test } from 'vitest';
import {
  commitmentOf,
  legacyLink,
  parseStatement,
  readResult,
  signatureOf,
  signStatement,
  unverifiedPayload,
  type LegacyLink,
} from '#libs/attestation';
import { RoundLinks } from '#libs/contracts';
import { compareText, fromBase64 } from '#libs/encoding';
import { bundleLines, parseBundle, writeBundleLine, type LoggedEnvelope } from '#libs/evidence';
import { readNodes } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { useQuorum } from '#libs/testing';
import {
  ed25519Verifier,
  hashLeaf,
  leafSetNodes,
  logEntry,
  openCheckpoint,
  verifyLeafSet,
} from '#libs/tlog';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const origin = 'log.example/spec';
const COMMIT = '0d'.repeat(20);
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1 },
});

let round: string;
let foreign: string;
const links: LegacyLink[] = [];
beforeAll(async () => {
  const { api, builders } = quorum();
  // Before it, in the middle of it, and on the same release after it.
  await api.open({ commit: '0e'.repeat(20) });
  round = await api.open({ commit: COMMIT });
  const invitation = await builders[0]!.invitation(round);
  const sealed = builders.map((builder) => ({ builder, ...builder.seal(invitation) }));
  for (const { builder, commit } of sealed) await builder.commit(commit);
  await Promise.all(builders.map((builder) => builder.close(round)));
  foreign = await api.open({ commit: '0f'.repeat(20) });
  for (const { builder, result } of sealed) {
    const built = readResult(parseStatement(unverifiedPayload(result)));
    if (built.kind === 'built') links.push(legacyLink(built, builder.signer));
    await builder.reveal(result, { link: { ...links.at(-1) } });
  }
  await api.reportIn('final', round);
  await api.open({ commit: COMMIT });
});

const read = async (headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${quorum().api.url}/v1/rounds/${round}/bundle`, { headers });

async function parsed() {
  const bundle = parseBundle(await (await read()).text());
  expect(bundle.findings).toEqual([]);
  const of = <T extends string>(type: T) =>
    bundle.lines.filter((line): line is typeof line & { type: T } => line.type === type);
  return { header: bundle.header, of };
}

describe('the bundle of a decided round', () => {
  test('holds every envelope from RoundOpen to the verdict, another round’s too, and rounds on the same release', async () => {
    const { of, header } = await parsed();
    const kinds = of('envelope').map(({ kind }) => kind);
    expect(header).toMatchObject({ round, origin });
    expect(kinds).toEqual([
      'round-open',
      ...['commit', 'commit', 'commit'],
      'round-close',
      'round-open',
      ...['result', 'result', 'result'],
      'verdict',
      'round-open',
    ]);
    expect(of('envelope')[0]?.index).toBe(1);
    const opens = of('envelope').filter(({ kind }) => kind === 'round-open');
    expect(opens.map(({ envelope }) => commitmentOf(envelope))).toHaveLength(3);
    expect(foreign).not.toBe(round);
  });

  test('proves all of them, and no others, in one cosigned checkpoint', async () => {
    const { of } = await parsed();
    const verifier = ed25519Verifier(origin, quorum().signer.publicKey);
    const { checkpoint } = openCheckpoint(of('checkpoint')[0]!.note, [verifier], origin);
    const leaves = of('envelope').map(({ index, envelope, publicKey }) => {
      const head = { paeSha256: commitmentOf(envelope), signature: signatureOf(envelope) };
      const entry = logEntry({ ...head, publicKey: fromBase64(publicKey) });
      return { index: BigInt(index), leafHash: hashLeaf(entry) };
    });
    const proof = of('proof')[0]!.hashes.map(fromBase64);
    const { size, root } = checkpoint;
    verifyLeafSet({ leaves, size, proof, root });
    expect(() => {
      verifyLeafSet({ leaves: leaves.slice(1), size, proof, root });
    }).toThrow();
  });

  test('is the text that its entries give when they are all held at once', async () => {
    const { of } = await parsed();
    const entries: LoggedEnvelope[] = of('envelope').map(({ index, kind, envelope, publicKey }) => {
      return { index, kind, envelope, publicKey: fromBase64(publicKey) };
    });
    const { note } = of('checkpoint')[0]!;
    const verifier = ed25519Verifier(origin, quorum().signer.publicKey);
    const { size } = openCheckpoint(note, [verifier], origin).checkpoint;
    const indexes = entries.map(({ index }) => BigInt(index));
    const nodes = await readNodes(quorum().dataSource.manager, leafSetNodes(indexes, size));
    const source = { round, note, entries, leaves: [], proposal: null };
    const text = [...bundleLines(source, nodes)].map(writeBundleLine).join('');
    expect(await (await read()).text()).toBe(text);
  });

  test('is the same, and need not be sent again, while the checkpoint is; it grows with answers', async () => {
    const first = await read();
    const etag = first.headers.get('etag')!;
    expect(first.headers.get('content-type')).toBe('application/jsonl');
    await first.body?.cancel();
    expect((await read({ 'if-none-match': etag })).status).toBe(304);
    const acme = quorum().builder('acme');
    const { verdict } = await acme.verdict(round);
    const answer = signStatement(parseStatement(unverifiedPayload(verdict)), acme.signer);
    await acme.answer(round, answer);
    await acme.receipt(answer);
    const grown = await read({ 'if-none-match': etag });
    expect([grown.status, grown.headers.get('etag') === etag]).toEqual([200, false]);
    const { lines } = parseBundle(await grown.text());
    expect(lines.at(-1)).toMatchObject({ type: 'envelope', kind: 'countersignature' });
  });
});

test('links of the old form are given as their builders signed them', async () => {
  const response = await quorum().api.get(`/v1/rounds/${round}/links`);
  const given = RoundLinks.parse(await response.json()).links;
  const own = quorum().builders.map(({ id }, at) => ({ builder: id, link: links[at] }));
  const sorted = (rows: typeof given) => rows.toSorted((a, b) => compareText(a.builder, b.builder));
  expect(sorted(given)).toEqual(sorted(own.map((row) => ({ ...row, link: { ...row.link } }))));
});

test('there is none before the verdict, nor of a round that is not known', async () => {
  const { api } = quorum();
  const open = await api.refused('GET', `/v1/rounds/${foreign}/bundle`);
  expect(open).toMatchObject({ status: 409, code: 'round-not-final' });
  const unknown = await api.refused('GET', `/v1/rounds/${'0'.repeat(64)}/bundle`);
  expect(unknown).toMatchObject({ status: 404, code: 'no-such-round' });
});
