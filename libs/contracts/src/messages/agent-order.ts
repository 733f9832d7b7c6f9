import { z } from 'zod';
import type { BuilderStatus } from '../builders/builder-view.js';

/** What a coordinator may want of an agent; nothing of it makes an agent build or sign anything. */
export const AgentOrder = z.enum(['continue', 'pause', 'drain', 'stop']);
export type AgentOrder = z.infer<typeof AgentOrder>;

/** What a builder's status asks of its agent; null for one that is in no registry, and listed by a file. */
export function orderTo(status: BuilderStatus | null): AgentOrder {
  switch (status) {
    case null:
    case 'applied':
    case 'active':
      return 'continue';
    case 'paused':
      return 'pause';
    case 'draining':
      return 'drain';
    case 'retired':
    case 'revoked':
      return 'stop';
  }
}
