import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Msg, Subscription } from '@nats-io/transport-node';
import { z } from 'zod';
import { jsonOf } from '#libs/messaging';
import { CoordinatorMeters } from '../metrics/coordinator-meters.js';
import { NATS_ACCOUNTS } from '../tokens.js';
import type { NatsAccounts } from './nats-link.js';

/**
 * What servers tell of connections that ended, or were refused.
 *
 * Source: nats-server, server/events.go, DisconnectEventMsg
 */
const Ended = z.object({ reason: z.string() });
const SUBJECTS = ['$SYS.ACCOUNT.*.DISCONNECT', '$SYS.SERVER.*.CLIENT.AUTH.ERR'];
/** Reasons are texts of the servers' own; a number of them that grows without end would be an error there. */
const MAX_REASONS = 40;
/** Of that many coordinators each counts its share. */
const QUEUE = 'coordinator';

/** Counts the connections that NATS ends: what is too large, too much or not allowed shows there. */
@Injectable()
export class DisconnectionsService implements OnModuleInit, OnApplicationShutdown {
  private readonly ended;
  private readonly reasons = new Set<string>();
  private subscriptions: readonly Subscription[] = [];

  constructor(
    @Inject(NATS_ACCOUNTS) private readonly accounts: NatsAccounts | null,
    meters: CoordinatorMeters,
  ) {
    this.ended = meters.counter('quorum_nats_disconnected_total');
  }

  onModuleInit(): void {
    const { accounts } = this;
    if (accounts === null) return;
    this.subscriptions = SUBJECTS.map((subject) =>
      accounts.connection.subscribe(subject, {
        queue: QUEUE,
        callback: (error, message) => {
          if (error === null) this.count(message);
        },
      }),
    );
  }

  onApplicationShutdown(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }

  private count(message: Msg): void {
    const told = Ended.safeParse(jsonOf(message));
    const reason = told.success ? told.data.reason : 'unknown';
    const isKnown = this.reasons.has(reason) || this.reasons.size < MAX_REASONS;
    if (isKnown) this.reasons.add(reason);
    this.ended.inc({ reason: isKnown ? reason : 'other' });
  }
}
