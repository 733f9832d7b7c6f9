import { Injectable, Logger } from '@nestjs/common';
import { PersistenceError } from '#libs/persistence';

/**
 * Stops the log for good when what is stored of it is not sound. Nothing is written or signed any
 * more, whatever a later look would find: whoever altered it once may do so between two looks. What
 * is stored stays readable, and a restart after the repair is the operator's word that it is sound.
 */
@Injectable()
export class LogHalt {
  private readonly logger = new Logger(LogHalt.name);
  private fault: PersistenceError | null = null;

  /** Why the log stands still; null while it does not. */
  get reason(): string | null {
    return this.fault?.message ?? null;
  }

  /** Does something with the log, unless it stands still. @throws PersistenceError LOG_CORRUPT */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.fault !== null) throw this.fault;
    try {
      return await work();
    } catch (error) {
      if (error instanceof PersistenceError && error.code === 'LOG_CORRUPT') {
        this.fault = error;
        this.logger.fatal(`the log stands still: ${error.message}`);
      }
      throw error;
    }
  }
}
