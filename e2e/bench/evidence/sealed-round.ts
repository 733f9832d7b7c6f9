import { randomBytes } from 'node:crypto';
import {
  commitmentOf,
  commitStatement,
  parseStatement,
  preAuthEncoding,
  readRoundOpen,
  refOf,
  resultStatement,
  signatureOf,
  signStatement,
  unverifiedPayload,
  type Envelope,
  type RoundOpen,
  type Signer,
} from '#libs/attestation';
import { ROUTES, RoundAttestations } from '#libs/contracts';
import { sha256, toBase64 } from '#libs/encoding';
import { ASKING } from '../../stack/token.js';
import type { Signature } from './signatures.js';

/** About as many facts as a machine tells of itself. */
const FACTS = 40;

/** What one builder sends in one round. */
export interface Sealed {
  readonly signer: Signer;
  readonly commit: Envelope;
  readonly result: Envelope;
}

/** Opens a round on a commit and has every builder seal a result for it. */
export async function sealRound(
  url: string,
  commit: string,
  builders: readonly Signer[],
): Promise<readonly Sealed[]> {
  const { round } = (await ask(`${url}/${ROUTES.rounds}`, { commit })) as { round: string };
  const answer = await ask(`${url}/${ROUTES.rounds}/${round}/attestations`);
  const [first] = RoundAttestations.parse(answer).attestations;
  if (first === undefined) throw new Error(`round ${round} has no RoundOpen`);
  const open = readRoundOpen(parseStatement(unverifiedPayload(first.envelope)));
  return builders.map((signer) => {
    const result = signStatement(resultOf(round, open, signer.id), signer);
    const promise = { round, builder: signer.id, commitment: commitmentOf(result) };
    return { signer, result, commit: signStatement(commitStatement(promise), signer) };
  });
}

/** The signature of an envelope, as whoever checks nothing else of it sees it. */
export function signatureIn(envelope: Envelope, signer: Signer): Signature {
  const message = preAuthEncoding(envelope.payloadType, unverifiedPayload(envelope));
  return { publicKey: signer.publicKey, message, signature: signatureOf(envelope) };
}

function resultOf(round: string, { release }: RoundOpen, builder: string): object {
  return resultStatement({
    ...{ round, builder, release: refOf(release), salt: toBase64(randomBytes(32)) },
    ...{ agentVersion: '0.0.0-bench', agentDigest: null, logSha256: null },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T01:00:00.000Z' },
    environment: {
      source: 'declared',
      facts: Object.fromEntries(
        Array.from({ length: FACTS }, (_, at) => [`fact.${at}`, `value ${at}`]),
      ),
      withheld: [],
    },
    kind: 'built',
    outputs: release.artifacts.map(({ name, path }) => ({
      ...{ name, path, sha256: sha256(`bytes of ${name}`), sizeBytes: 1 },
    })),
    published: release.artifacts.map(({ name, path }) => ({
      ...{ artifact: name, source: 'cdn-sums', url: `https://download.example/${path}` },
      ...{ sha256: sha256(`bytes of ${name}`), sizeBytes: null, error: null },
    })),
    inputs: {},
  });
}

async function ask(url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body !== undefined && {
      headers: ASKING,
      body: JSON.stringify(body),
    }),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
