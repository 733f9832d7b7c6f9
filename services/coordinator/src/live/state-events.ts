import type { RoundEvent } from '#libs/contracts';
import type { RoundState } from './round-states.js';

/** What a reader knows of a round. */
export interface Known {
  readonly version?: string | undefined;
  readonly progress?: RoundState['progress'];
}

/** An event, and the version that it leads to. */
export interface ToldEvent {
  readonly event: RoundEvent;
  readonly id?: string;
}

/**
 * Tells what became of a round since `before`. Whoever knows the version already is not told of it again.
 */
export function stateEvents(
  round: string,
  before: Known,
  { phase, version, progress }: RoundState,
): readonly ToldEvent[] {
  const events: ToldEvent[] = [];
  if (before.version !== version) {
    events.push({ event: { kind: 'changed', round, phase, version }, id: version });
  }
  if (phase === 'final') {
    events.push({ event: { kind: 'final', round }, id: version });
    return events;
  }
  for (const [builder, event] of progress) {
    const known = before.progress?.get(builder);
    if (known?.stage !== event.stage || known.percent !== event.percent) events.push({ event });
  }
  return events;
}
