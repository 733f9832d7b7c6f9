import { open } from 'node:fs/promises';
import {
  MAX_LOG_PIECE_BYTES,
  type BuildLogAsked,
  type BuildLogPiece,
  type LogTail,
  type LogTailAsked,
} from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import type { PrivateWords } from '../build/mask.js';
import { buildLogPath } from '../build/workspace.js';
import { RefusedQuestion } from '../explain/refused-question.js';
import { nextStep } from '../jobs/job.js';
import type { JobStoreService } from '../jobs/job-store.service.js';
import { readLogTail } from './log-tail.js';
import { publicLogPath } from './public-log.js';

/** Answers what may be asked of the logs of builds. */
export class LogAnswers {
  constructor(
    private readonly jobs: JobStoreService,
    private readonly words: () => Promise<PrivateWords>,
  ) {}

  /**
   * A piece of the log as the result names it, once the result is logged, and never before.
   *
   * @throws RefusedQuestion
   */
  async piece({ round, offset }: BuildLogAsked): Promise<BuildLogPiece> {
    if (!(await this.jobs.isShown(round))) throw new RefusedQuestion('not-revealed');
    const file = await open(publicLogPath(this.jobs.folder(round)), 'r').catch(notKept);
    try {
      const { size: sizeBytes } = await file.stat();
      const length = Math.max(0, Math.min(MAX_LOG_PIECE_BYTES, sizeBytes - offset));
      const bytes = Buffer.alloc(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      return { sizeBytes, bytes: toBase64(bytes.subarray(0, bytesRead)) };
    } finally {
      await file.close();
    }
  }

  /**
   * The end of the log of a build that goes on, where the round is not blind.
   *
   * @throws RefusedQuestion
   */
  async tail({ round, fromByte }: LogTailAsked): Promise<LogTail> {
    const job = await this.jobs.find(round);
    // Of a blind round nobody is told anything, not even whether it is built here.
    if (job === null || job.open.blind || nextStep(job) !== 'build') {
      throw new RefusedQuestion('not-revealed');
    }
    const path = buildLogPath(this.jobs.folder(round));
    return readLogTail(path, fromByte, await this.words()).catch(notKept);
  }
}

function notKept(): never {
  throw new RefusedQuestion('not-kept');
}
