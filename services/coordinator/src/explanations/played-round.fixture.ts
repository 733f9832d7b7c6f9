import {
  commitmentOf,
  commitStatement,
  refOf,
  resultStatement,
  signStatement,
  type Envelope,
  type Environment,
  type Release,
  type Result,
  type Signer,
} from '#libs/attestation';
import { sha256, toBase64 } from '#libs/encoding';
import type { Files, PlayedArtifacts } from './played-artifacts.fixture.js';

export const GUEST = 'guestos/update-img';
/** What all builders have in their images. */
export const SAME: Files = Object.fromEntries(
  Array.from({ length: 80 }, (_, at) => [`usr/share/file-${at}`, `content of ${at}\n`]),
);

/** What one builder does in a round: files of its GuestOS, or a failure; facts of its machine. */
export interface Played {
  readonly files: Files | null;
  readonly facts?: Environment['facts'];
  readonly hasManifest?: boolean;
}

/** A builder that a spec plays by hand. */
export interface PlayedBuilder {
  readonly id: string;
  readonly operator: string;
  readonly signer: Signer;
  invitation(round: string): Promise<{ readonly open: { readonly release: Release } }>;
  commit(envelope: Envelope): Promise<void>;
  close(round: string): Promise<unknown>;
  reveal(envelope: Envelope): Promise<void>;
}

/** Who plays, and what is asked in the end. */
export interface PlayedRound {
  readonly api: { reportIn(phase: 'final', round: string): Promise<unknown> };
  readonly builders: readonly PlayedBuilder[];
  /** By operator. */
  readonly artifacts: ReadonlyMap<string, PlayedArtifacts>;
}

/** Plays an open round to its end; who is not told of gets the same as everybody. */
export async function playRound(
  { api, builders, artifacts }: PlayedRound,
  round: string,
  said: Readonly<Record<string, Played>>,
): Promise<void> {
  const sealed = await Promise.all(
    builders.map(async (builder) => {
      const { open } = await builder.invitation(round);
      const played = said[builder.operator] ?? { files: SAME };
      const kept = artifacts.get(builder.operator);
      const made = resultOf(played, { round, builder: builder.id, release: open.release }, kept);
      const result = signStatement(resultStatement(made), builder.signer);
      const commitment = commitmentOf(result);
      const commit = commitStatement({ round, builder: builder.id, commitment });
      return { builder, result, commit: signStatement(commit, builder.signer) };
    }),
  );
  for (const { builder, commit } of sealed) await builder.commit(commit);
  await Promise.all(builders.map((builder) => builder.close(round)));
  for (const { builder, result } of sealed) await builder.reveal(result);
  await api.reportIn('final', round);
}

function resultOf(
  { files, facts = {}, hasManifest = true }: Played,
  { round, builder, release }: { round: string; builder: string; release: Release },
  kept: PlayedArtifacts | undefined,
): Result {
  const head = {
    ...{ round, builder, release: refOf(release) },
    ...{ salt: toBase64(Buffer.from(sha256(`${builder} in ${round}`), 'hex')) },
    ...{ agentVersion: '0.0.0-played', agentDigest: null, logSha256: null },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T01:00:00.000Z' },
    environment: { source: 'measured' as const, facts, withheld: [] },
  };
  if (files === null) {
    const failure = { stage: 'build' as const, class: 'out-of-space', message: 'disk full' };
    return { ...head, kind: 'failed', ...failure };
  }
  const outputs = release.artifacts.map(({ name, path }) => {
    const of = name === GUEST ? files : SAME;
    const manifest = kept?.keep(name, of);
    const output = { name, path, sha256: sha256(JSON.stringify([name, of])), sizeBytes: 1 };
    return hasManifest && manifest !== undefined ? { ...output, manifest } : output;
  });
  return { ...head, kind: 'built', outputs, published: [], inputs: {} };
}
