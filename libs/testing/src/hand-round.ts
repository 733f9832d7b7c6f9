import { randomBytes } from 'node:crypto';
import {
  createSigner,
  roundIdOf,
  roundOpenStatement,
  signStatement,
  unverifiedPayload,
  type Release,
  type RosterEntry,
  type RoundOpen,
  type Signer,
} from '#libs/attestation';
import { toBase64 } from '#libs/encoding';

/** Makes a key that is the same for the same number, 0 to 255. */
export function makeSigner(seed: number): Signer {
  return createSigner(new Uint8Array(32).fill(seed));
}

/** Makes a release of two artifacts of which the first is elected. */
export function makeRelease(commit = 'ab'.repeat(20)): Release {
  return {
    name: `ic/${commit}`,
    source: { uri: null, digest: { gitCommit: commit } },
    artifacts: [
      {
        name: 'guestos/update-img',
        path: 'guest-os/update-img/update-img.tar.zst',
        expected: null,
        elected: true,
        embeds: [],
      },
      {
        name: 'setupos/disk-img',
        path: 'setup-os/disk-img/disk-img.tar.zst',
        expected: null,
        elected: false,
        embeds: ['guestos/update-img'],
      },
    ],
  };
}

/** Lists one operator for each row of signers. */
export function makeRoster(operators: Readonly<Record<string, readonly Signer[]>>): RosterEntry[] {
  return Object.entries(operators).map(([operator, signers]) => ({
    operator,
    builders: signers.map(({ id, publicKey }) => ({ builder: id, publicKey: toBase64(publicKey) })),
  }));
}

/** Makes a round that invites these, and its id. */
export function makeRound(
  roster: readonly RosterEntry[],
  over: Partial<RoundOpen> = {},
): { readonly round: string; readonly open: RoundOpen } {
  const open: RoundOpen = {
    openedAt: '2026-01-01T00:00:00.000Z',
    closesAt: '2026-01-02T00:00:00.000Z',
    revealSeconds: 60,
    blind: true,
    threshold: '2/3',
    release: makeRelease(),
    proposal: null,
    urls: [],
    roster: [...roster],
    nonce: toBase64(randomBytes(32)),
    ...over,
  };
  const envelope = signStatement(roundOpenStatement(open), makeSigner(255));
  return { round: roundIdOf(unverifiedPayload(envelope)), open };
}
