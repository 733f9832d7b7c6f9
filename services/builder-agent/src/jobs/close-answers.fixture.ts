import type { Envelope, Signer } from '#libs/attestation';
import type { CloseEvidence } from '#libs/contracts';
import { ed25519Signer, signNote } from '#libs/tlog';
import type { PlayedLog } from '../log.fixture.js';
import { signerOf } from '../round.fixture.js';
import { BUILDER, coordinator, cosigned } from '../submit/close-evidence.fixture.js';

/** What an agent that asks for the log's word on a close may be answered; the truth is the last. */
export const ANSWERS = [
  'silence',
  'unsigned',
  'too-small',
  /** Consistent and signed, and another leaf stands for the close. */
  'without-close',
  'fork',
  /** Too few witnesses for a round that asks for them. */
  'few',
  'good',
] as const;
export type Answer = (typeof ANSWERS)[number];

/** An envelope with its index in the log. */
interface Logged {
  readonly envelope: Envelope;
  readonly index: number;
}

/** Makes an answer; null is silence. */
export function answerOf(
  answer: Answer,
  log: PlayedLog,
  commit: Logged,
  close: Logged & { readonly by: Signer },
  oldSize: number,
): CloseEvidence | null {
  const [commitIndex, closeIndex] = [commit.index, close.index];
  switch (answer) {
    case 'silence':
      return null;
    case 'good':
      return evidenceOf(log, cosigned(log.note(), 4), { oldSize, commitIndex, closeIndex });
    case 'few':
      return evidenceOf(log, cosigned(log.note(), 1), { oldSize, commitIndex, closeIndex });
    case 'without-close':
      return evidenceOf(log, cosigned(log.note(), 4), { oldSize, commitIndex, closeIndex: 0 });
    case 'too-small':
      return evidenceOf(log, cosigned(log.note(1), 4), { oldSize, commitIndex, closeIndex });
    case 'unsigned':
      return evidenceOf(log, byStranger(log.note()), { oldSize, commitIndex, closeIndex });
    case 'fork': {
      const fork = log.fork(1);
      fork.append('a leaf that this agent did not see there');
      const forked = fork.append({ envelope: commit.envelope, by: BUILDER });
      const closed = fork.append({ envelope: close.envelope, by: close.by });
      while (fork.size < log.size) fork.append('one more');
      const at = { oldSize, commitIndex: forked, closeIndex: closed };
      return evidenceOf(fork, cosigned(fork.note(), 4), at);
    }
  }
}

function evidenceOf(
  log: PlayedLog,
  checkpoint: string,
  at: { readonly oldSize: number; readonly commitIndex: number; readonly closeIndex: number },
): CloseEvidence {
  const { oldSize, commitIndex, closeIndex } = at;
  const [commitPath, closePath] = [log.path(commitIndex), log.path(closeIndex)];
  const consistency = log.growth(oldSize);
  return { checkpoint, consistency, commitIndex, closeIndex, commitPath, closePath };
}

/** The very tree, under a name that is the log's and a key that is not. */
function byStranger(note: string): string {
  const stranger = signerOf(250);
  const sign = (text: Uint8Array): Uint8Array => stranger.sign(text);
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
  return signNote(text, [ed25519Signer(coordinator.origin, stranger.publicKey, sign)]);
}
