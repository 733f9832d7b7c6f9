import { describe, expect, test } from 'vitest';
import { commitmentOf, signatureOf, type Envelope, type Signer } from '#libs/attestation';
import type { CloseEvidence } from '#libs/contracts';
import { logEntry, parseCheckpoint, type Checkpoint } from '#libs/tlog';
import { playLog } from '../log.fixture.js';
import { playCoordinator, signerOf } from '../round.fixture.js';
import { judgeEvidence, type EvidenceClaim } from './close-evidence.js';
import { BUILDER, closedRound, coordinator } from './close-evidence.fixture.js';

const COORDINATOR = playCoordinator().signer;
const closed = closedRound();
const { log } = closed;

function entryOf(envelope: Envelope, { publicKey }: Signer): Uint8Array {
  return logEntry({
    ...{ paeSha256: commitmentOf(envelope), signature: signatureOf(envelope), publicKey },
  });
}

function claimOf(evidence: CloseEvidence, seenSize = 0, from = log): EvidenceClaim {
  return {
    ...{ evidence, coordinator, seen: seenSize === 0 ? null : stateOf(from.note(seenSize)) },
    commitEntry: entryOf(closed.commit, BUILDER),
    closeEntry: entryOf(closed.close, COORDINATOR),
  };
}

function stateOf(note: string): Checkpoint {
  return parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
}

describe('evidence is verified', () => {
  test.each([0, 1, 3, log.size])('from a tree of size %i on', (seenSize) => {
    const judgement = judgeEvidence(claimOf(closed.evidence(seenSize), seenSize));
    const checkpoint = stateOf(log.note());
    expect(judgement).toEqual({ kind: 'verified', checkpoint, isLate: false });
  });

  test('whoever cosigned it', () => {
    expect(judgeEvidence(claimOf(closed.evidence(3, 4), 3)).kind).toBe('verified');
  });

  test('also of a commit that came after the close: it is told to be late', () => {
    const late = playLog(COORDINATOR);
    const closeIndex = late.append({ envelope: closed.close, by: COORDINATOR });
    const commitIndex = late.append({ envelope: closed.commit, by: BUILDER });
    const evidence = {
      ...{ checkpoint: late.note(), consistency: [], commitIndex, closeIndex },
      ...{ commitPath: late.path(commitIndex), closePath: late.path(closeIndex) },
    };
    expect(judgeEvidence(claimOf(evidence))).toMatchObject({ kind: 'verified', isLate: true });
  });
});

const honest = closed.evidence(3);
const forked = log.fork(2);
for (let leaf = 0; leaf < 6; leaf += 1) forked.append(`another leaf ${leaf}`);
const sameSize = log.fork(2);
for (let leaf = 0; leaf < 3; leaf += 1) sameSize.append(`another leaf ${leaf}`);

describe('evidence that the log signed, and that does not hold together, is a contradiction', () => {
  test.each<[string, CloseEvidence, number]>([
    [
      'a tree that forgot what was seen',
      { ...honest, consistency: closed.evidence(1).consistency },
      3,
    ],
    ['no proof of growth', { ...honest, consistency: [] }, 3],
    [
      'a fork that grew on',
      { ...honest, checkpoint: forked.note(), consistency: forked.growth(3) },
      3,
    ],
    [
      'a fork of the size that was seen',
      { ...honest, checkpoint: sameSize.note(), consistency: [] },
      5,
    ],
    ['a commit that is not there', { ...honest, commitPath: honest.closePath }, 3],
    ['a close that is not there', { ...honest, closePath: honest.commitPath }, 3],
    ['the commit at another place', { ...honest, commitIndex: 0 }, 3],
    ['the close at another place', { ...honest, closeIndex: 4 }, 3],
    ['a place beyond the tree', { ...honest, closeIndex: 99 }, 3],
    ['a place beyond all trees', { ...honest, commitIndex: Number.MAX_SAFE_INTEGER }, 3],
  ])('%s', (_, evidence, seenSize) => {
    expect(judgeEvidence(claimOf(evidence, seenSize)).kind).toBe('contradicted');
  });

  test('a close that somebody else signed', () => {
    const other = closedRound({}, signerOf(77));
    const claim = {
      ...claimOf(other.evidence(0)),
      commitEntry: entryOf(other.commit, BUILDER),
      closeEntry: entryOf(other.close, COORDINATOR),
    };
    expect(judgeEvidence(claim).kind).toBe('contradicted');
  });
});

describe('what anybody could have sent says nothing about the log', () => {
  test.each<[string, CloseEvidence, number]>([
    ['a checkpoint of another key', { ...honest, checkpoint: playLog(signerOf(9)).note() }, 3],
    [
      'a checkpoint of another log',
      { ...honest, checkpoint: playLog(COORDINATOR, 'other.invalid/log').note() },
      3,
    ],
    ['no checkpoint', { ...honest, checkpoint: 'hello' }, 3],
    ['a signature that was altered', { ...honest, checkpoint: altered(honest.checkpoint) }, 3],
    ['a hash that is none', { ...honest, commitPath: ['????'] }, 3],
    ['a checkpoint from before', { ...honest, checkpoint: log.note(4) }, 5],
  ])('%s', (_, evidence, seenSize) => {
    expect(judgeEvidence(claimOf(evidence, seenSize)).kind).toBe('unusable');
  });
});

function altered(note: string): string {
  const at = note.length - 10;
  return `${note.slice(0, at)}${note[at] === 'A' ? 'B' : 'A'}${note.slice(at + 1)}`;
}
