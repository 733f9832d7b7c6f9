import { HttpStatus } from '@nestjs/common';
import type { RoundOpen } from '#libs/attestation';
import { DISPATCH_STREAM } from '#libs/contracts';
import { canonicalJson } from '#libs/encoding';
import { largestVerdict } from '#libs/evidence';
import { ProblemError } from '#libs/platform';

/**
 * Kept for what is around a payload, or around an invitation: the message's header, which counts as the
 * body does, the envelope's own fields and the round's id. They are less than 600 bytes together.
 */
const AROUND_BYTES = 1_024;
const ROOM_BYTES = DISPATCH_STREAM.maxMessageBytes - AROUND_BYTES;

/**
 * Refuses a round of which a message could be larger than the streams take: its invitation as it is, or
 * its verdict if every builder got other bytes. Such a verdict would be logged, and then nobody could be
 * told it or read it.
 *
 * @param open with everybody on its roster
 * @param invitation the body by which builders are told of the round
 * @throws ProblemError round-too-large
 */
export function requireRoom(
  open: Pick<RoundOpen, 'release' | 'roster'>,
  invitation: object,
  origin: string,
): void {
  const invitationBytes = Buffer.byteLength(JSON.stringify(invitation));
  const verdictBytes = verdictBytesOf(open, origin);
  if (Math.max(invitationBytes, verdictBytes) <= ROOM_BYTES) return;
  const builders = open.roster.reduce((count, entry) => count + entry.builders.length, 0);
  const fixed = {
    invitation: invitationBytes - base64Length(open.roster),
    verdict: verdictBytesOf({ ...open, roster: [] }, origin),
  };
  const fitting = Math.min(
    fit(invitationBytes, fixed.invitation, builders),
    fit(verdictBytes, fixed.verdict, builders),
  );
  throw new ProblemError(
    HttpStatus.UNPROCESSABLE_ENTITY,
    'round-too-large',
    `${builders} builders are too many for one round: its invitation has ${invitationBytes} bytes and its verdict may come to ${verdictBytes}, where a message has room for ${ROOM_BYTES}: about ${fitting} such builders fit: name fewer of them, or list fewer in the roster file`,
  );
}

function verdictBytesOf(open: Pick<RoundOpen, 'release' | 'roster'>, origin: string): number {
  return base64Length(largestVerdict(open, origin));
}

/** Characters of a value's canonical JSON in base64, as an envelope holds it. */
function base64Length(value: unknown): number {
  return 4 * Math.ceil(Buffer.byteLength(canonicalJson(value)) / 3);
}

/** How many builders fit, if each takes as much as these do on average. */
function fit(bytes: number, fixedBytes: number, builders: number): number {
  const each = (bytes - fixedBytes) / builders;
  return Math.max(0, Math.floor((ROOM_BYTES - fixedBytes) / each));
}
