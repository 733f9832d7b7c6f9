import {
  amendRoster,
  JointEnvelope,
  keyIdOf,
  openEnvelope,
  parseStatement,
  readRoundAmend,
  readRoundOpen,
  type RosterEntry,
  type RoundOpen,
} from '#libs/attestation';
import {
  Report,
  RoundAttestations,
  RoundLinks,
  ROUTES,
  type LoggedAttestation,
} from '#libs/contracts';
import { fromBase64 } from '#libs/encoding';
import { parseVkey, type PublicNoteKey } from '#libs/tlog';
import { CommandError, EXIT } from '../exit.js';
import type { Api } from '../round/api.js';

/** A logged envelope of the round, whose signature was verified. */
export interface ExportedEntry extends LoggedAttestation {
  /** 32 raw bytes of the key that signed it. */
  readonly publicKey: Uint8Array;
  /** Who answers for the builder; null for the coordinator's own words. */
  readonly operator: string | null;
  readonly payload: Uint8Array;
}

/** Everything that a coordinator tells of a decided round. */
export interface ExportedRound {
  readonly round: string;
  readonly report: Report;
  readonly bundle: Uint8Array;
  readonly entries: readonly ExportedEntry[];
  /** Everybody who was ever invited. */
  readonly roster: readonly RosterEntry[];
  readonly open: RoundOpen;
  readonly links: RoundLinks['links'];
  readonly vkey: string;
  readonly log: PublicNoteKey;
  /** Null while nobody has countersigned. */
  readonly joint: JointEnvelope | null;
}

/** Where a round's bundle is served. */
export function bundlePath(round: string, wholeLog?: true): string {
  return `${ROUTES.rounds}/${round}/bundle${wholeLog === true ? '?log=whole' : ''}`;
}

/**
 * Asks for all of a round. Each envelope is opened with the key that the round's roster, or the log's
 * own key, names for it: what is exported verifies elsewhere.
 *
 * @throws CommandError, AttestationError, TlogError
 */
export async function fetchRound(api: Api, round: string, wholeLog?: true): Promise<ExportedRound> {
  const base = `${ROUTES.rounds}/${round}`;
  const bundle = await api.download(bundlePath(round, wholeLog));
  const vkey = new TextDecoder().decode(await api.download(`${ROUTES.log}/key`)).trim();
  const log = parseVkey(vkey);
  const { attestations } = await api.get(`${base}/attestations`, RoundAttestations);
  const { open, roster } = rosterOf(round, attestations, log.publicKey);
  const entries = attestations.map((entry) => verified(entry, roster, log.publicKey));
  const report = await api.get(`${base}/report`, Report);
  const { links } = await api.get(`${base}/links`, RoundLinks);
  const hasJoint = (report.answers?.countersigned.length ?? 0) > 0;
  const joint = hasJoint ? await api.get(`${base}/joint`, JointEnvelope) : null;
  return { round, report, bundle, entries, roster, open, links, vkey, log, joint };
}

function rosterOf(
  round: string,
  attestations: readonly LoggedAttestation[],
  coordinator: Uint8Array,
): { open: RoundOpen; roster: readonly RosterEntry[] } {
  const statements = (kind: LoggedAttestation['kind']) =>
    attestations
      .filter((entry) => entry.kind === kind)
      .map(({ envelope }) => parseStatement(openEnvelope(envelope, coordinator)));
  const [opened] = statements('round-open');
  if (opened === undefined) {
    throw new CommandError(EXIT.badEvidence, `the coordinator shows no RoundOpen of ${round}`);
  }
  const open = readRoundOpen(opened);
  const roster = statements('round-amend')
    .map((statement) => readRoundAmend(statement).added)
    .reduce(amendRoster, open.roster);
  return { open, roster };
}

function verified(
  entry: LoggedAttestation,
  roster: readonly RosterEntry[],
  coordinator: Uint8Array,
): ExportedEntry {
  const { operator, publicKey } = signerOf(entry, roster, coordinator);
  const payload = openEnvelope(entry.envelope, publicKey);
  const [signature] = entry.envelope.signatures;
  // In one spelling, whatever the coordinator sent.
  const signatures = [{ sig: signature?.sig ?? '', keyid: keyIdOf(publicKey) }];
  return { ...entry, envelope: { ...entry.envelope, signatures }, operator, publicKey, payload };
}

function signerOf(
  { builder, index }: LoggedAttestation,
  roster: readonly RosterEntry[],
  coordinator: Uint8Array,
): { operator: string | null; publicKey: Uint8Array } {
  if (builder === null) return { operator: null, publicKey: coordinator };
  for (const { operator, builders } of roster) {
    const found = builders.find((it) => it.builder === builder);
    if (found !== undefined) return { operator, publicKey: fromBase64(found.publicKey) };
  }
  throw new CommandError(EXIT.badEvidence, `entry ${index} is of a builder that was not invited`);
}
