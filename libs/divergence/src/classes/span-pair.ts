import type { ClassifyContext } from './context.js';
import { seeDigest } from './digest-span.js';
import { factOfMask } from './masked-text.js';
import { seePaths } from './path-pair.js';
import { classOfFact } from './private-facts.js';
import { bothSides } from './readable.js';
import type { Seen } from './seen.js';
import type { SpanKind } from './spans.js';
import { areBuildSeconds, areForeignTimes, areZonesApart } from './times.js';
import { readTime } from './time-text.js';

/** Names what makes two spans of one kind differ; null where their form told nothing after all. */
export function seeSpans(
  kind: SpanKind,
  left: string,
  right: string,
  before: string,
  context: ClassifyContext,
): readonly Seen[] | null {
  switch (kind) {
    case 'mask':
      return [seeMasks([factOfMask(left), factOfMask(right)])];
    case 'uuid':
      return [{ class: 'random-id', detail: `UUIDs: ${bothSides(left, right)}`, facts: [] }];
    case 'bytes':
      return [
        {
          class: 'embedded-hash',
          detail: `bytes of a digest, written as numbers: ${bothSides(left, right)}`,
          facts: [],
        },
      ];
    case 'digest':
      return [seeDigest(left, right, before, context)];
    case 'time':
      return seeTimes(left, right, context);
    case 'account':
      return seeAccounts(left, right);
    case 'path':
      return [seePaths(left, right)];
    case 'debian':
    case 'version':
      return [seeVersions(left, right, before)];
  }
}

/** What it means that builders masked their own values there. */
export function seeMasks(facts: readonly string[]): Seen {
  const named = [...new Set(facts)];
  const all = named.map((name) => classOfFact(name)).find((each) => each !== null);
  const detail = `each builder’s own ${named.join(' and ')} stands there`;
  return { class: all ?? 'unknown', detail, facts: named };
}

function seeTimes(left: string, right: string, context: ClassifyContext): readonly Seen[] | null {
  const [a, b] = [readTime(left), readTime(right)];
  if (a === null || b === null) return null;
  const shown = bothSides(left, right);
  if (a.seconds === null || b.seconds === null) {
    return [{ class: 'timestamp', detail: `times of day: ${shown}`, facts: [] }];
  }
  if (a.isNumber || b.isNumber) {
    if (!areBuildSeconds(a.seconds, b.seconds, context)) return null;
    return [{ class: 'timestamp', detail: `seconds since 1970: ${shown}`, facts: [] }];
  }
  if (a.hasClock && b.hasClock && areZonesApart(a.seconds, b.seconds)) {
    const detail = `one instant in two time zones, by the whole hours between: ${shown}`;
    return [{ class: 'timestamp', detail, facts: ['time.zone'] }];
  }
  if (areForeignTimes(a.seconds, b.seconds, context)) {
    return [{ class: 'unknown', detail: `dates, none of which is a build’s: ${shown}`, facts: [] }];
  }
  return [{ class: 'timestamp', detail: shown, facts: [] }];
}

function seeAccounts(left: string, right: string): readonly Seen[] {
  const [userLeft = '', hostLeft = ''] = left.split('@');
  const [userRight = '', hostRight = ''] = right.split('@');
  const sure = 'told by its form alone: ';
  const seen: Seen[] = [];
  if (userLeft !== userRight) {
    seen.push({ class: 'user', detail: `${sure}${bothSides(userLeft, userRight)}`, facts: [] });
  }
  if (hostLeft !== hostRight) {
    seen.push({ class: 'hostname', detail: `${sure}${bothSides(hostLeft, hostRight)}`, facts: [] });
  }
  return seen;
}

const NAME =
  /([a-z][\w.+-]{0,60}?)(?::(?:amd64|arm64|armhf|i386|all|any))?[\s_=:@"'()[\],-]{1,60}v?$/i;

function seeVersions(left: string, right: string, before: string): Seen {
  const name = NAME.exec(before.slice(-160))?.[1] ?? '';
  const named = name === '' || /^version$/i.test(name) ? '' : `${name}: `;
  return { class: 'package-version', detail: `${named}${bothSides(left, right)}`, facts: [] };
}
