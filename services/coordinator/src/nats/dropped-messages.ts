import { Injectable } from '@nestjs/common';
import { CoordinatorMeters } from '../metrics/coordinator-meters.js';

/** Why a message is dropped unread. */
export type DropReason = 'flood' | 'misdirected';

/** Counts messages of builders that nobody reads. */
@Injectable()
export class DroppedMessages {
  private readonly dropped;

  constructor(meters: CoordinatorMeters) {
    this.dropped = meters.counter('quorum_nats_dropped_total');
  }

  /** @param subject with the builder as its last token, which is left away: who it was is in NATS's log */
  count(subject: string, reason: DropReason): void {
    this.dropped.inc({ subject: subject.slice(0, subject.lastIndexOf('.')), reason });
  }
}
