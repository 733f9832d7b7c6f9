import { RoundEvent, ROUTES } from '#libs/contracts';
import type { Api } from './api.js';
import { eventData } from './event-data.js';

/**
 * Follows a round as its coordinator tells of it, until the verdict or until the line breaks. Null
 * where the coordinator has no live rounds, or no room for one more reader.
 */
export async function liveRound(
  api: Api,
  round: string,
): Promise<AsyncGenerator<RoundEvent> | null> {
  const chunks = await api.stream(`${ROUTES.rounds}/${round}/events`);
  return chunks === null ? null : events(chunks, round);
}

async function* events(
  chunks: AsyncIterable<Uint8Array>,
  round: string,
): AsyncGenerator<RoundEvent> {
  try {
    for await (const data of eventData(chunks)) {
      const event = eventOf(data);
      if (event?.round === round) yield event;
    }
  } catch {
    // A line that breaks ends like one that was closed: whoever follows asks anew.
  }
}

/** A kind that a newer coordinator tells of is passed over. */
function eventOf(data: string): RoundEvent | null {
  try {
    return RoundEvent.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    return null;
  }
}
