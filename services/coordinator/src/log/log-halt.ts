import { Injectable, Logger } from '@nestjs/common';
import { PersistenceError } from '#libs/persistence';

/** Why a log stands still: it was altered, or somebody was shown more of it than is stored. */
export type HaltCode = 'LOG_CORRUPT' | 'LOG_BEHIND';

/**
 * Stops the log for good when what is stored of it is not sound. Nothing is written or signed any
 * more, whatever a later look would find: whoever altered it once may do so between two looks. What
 * is stored stays readable, and a restart after the repair is the operator's word that it is sound.
 */
@Injectable()
export class LogHalt {
  private readonly logger = new Logger(LogHalt.name);
  private fault: PersistenceError | null = null;
  private held: PersistenceError | null = null;

  /** Why the log stands still; null while it does not. */
  get reason(): { readonly code: HaltCode; readonly message: string } | null {
    const why = this.fault ?? this.held;
    if (why === null) return null;
    const { code, message } = why;
    return { code: code === 'LOG_BEHIND' ? code : 'LOG_CORRUPT', message };
  }

  /**
   * Does something with the log, unless it stands still.
   *
   * @throws PersistenceError LOG_CORRUPT, LOG_BEHIND
   */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.held !== null) throw this.fault ?? this.held;
    return this.examine(work);
  }

  /**
   * Does something that may show whether the log is sound, unless it was shown that it is not.
   *
   * @throws PersistenceError LOG_CORRUPT, LOG_BEHIND
   */
  async examine<T>(work: () => Promise<T>): Promise<T> {
    if (this.fault !== null) throw this.fault;
    return this.watch(work);
  }

  /** Whether it was shown that the log is not sound. No release changes that. */
  get isFaulty(): boolean {
    return this.fault !== null;
  }

  /** Lets nothing be written or signed while it is not known whether what is stored is all of the log. */
  hold(why: PersistenceError): void {
    this.held = why;
    this.logger.error(`the log stands still: ${why.message}`);
  }

  /** Gives the log free again after {@link hold}. */
  release(because: string): void {
    if (this.held === null) return;
    this.held = null;
    this.logger.log(`the log goes on: ${because}`);
  }

  /**
   * Reads something of the log. What a log that is behind still has is as true as it was; what a
   * corrupt one has is nobody's word.
   *
   * @throws PersistenceError LOG_CORRUPT
   */
  async read<T>(work: () => Promise<T>): Promise<T> {
    if (this.fault?.code === 'LOG_CORRUPT') throw this.fault;
    return this.watch(work);
  }

  private async watch<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const isFatal =
        error instanceof PersistenceError &&
        (error.code === 'LOG_CORRUPT' || error.code === 'LOG_BEHIND');
      if (isFatal && this.fault === null) {
        this.fault = error;
        this.logger.fatal(`the log stands still: ${error.message}`);
      }
      throw error;
    }
  }
}
