import { quote } from '#libs/encoding';
import {
  FACTS,
  MAX_COUNT,
  MAX_DEMANDS,
  type Ask,
  type Each,
  type Fact,
  type Where,
} from './ask.js';
import { SelectionError } from './error.js';
import { parseSize } from './size.js';

const MAX_CHARACTERS = 1_000;
const EXPECTED =
  'operators=N, builders=N, FACT:VALUE>=N, tag:NAME>=N, distinct FACT>=N, each FACT:VALUE, each ram>=16GiB or each disk>=200GiB';

interface Draft {
  operators?: number;
  builders?: number;
  each: { -readonly [K in keyof Each]: Each[K] };
  atLeast: { count: number; where: Where }[];
  distinct: { fact: Fact; count: number }[];
}

/**
 * Reads what a round asks for: demands with commas between them, such as
 * `operators=3, virtualisation:none>=1, distinct hypervisor>=2, each era:2025-03, each ram>=16GiB`.
 * Parts of one condition are joined by a plus, as in `virtualisation:kvm+tag:zurich>=1`.
 *
 * @throws SelectionError BAD_ASK that names the demand it cannot read
 */
export function parseAsk(text: string): Ask {
  if (text.length > MAX_CHARACTERS) {
    throw new SelectionError('BAD_ASK', `an ask has at most ${MAX_CHARACTERS} characters`);
  }
  const draft: Draft = { each: {}, atLeast: [], distinct: [] };
  for (const demand of text.split(',')) take(draft, demand.trim());
  const { operators, builders, each, atLeast, distinct } = draft;
  if (Math.max(atLeast.length, distinct.length, each.tags?.length ?? 0) > MAX_DEMANDS) {
    throw new SelectionError('BAD_ASK', `an ask has at most ${MAX_DEMANDS} demands of a kind`);
  }
  return {
    ...(operators !== undefined && { operators }),
    ...(builders !== undefined && { builders }),
    ...(Object.keys(each).length > 0 && { each }),
    ...(atLeast.length > 0 && { atLeast }),
    ...(distinct.length > 0 && { distinct }),
  };
}

function take(draft: Draft, demand: string): void {
  const [, each] = /^each (.+)$/.exec(demand) ?? [];
  if (each !== undefined) {
    takeEach(draft, each, demand);
    return;
  }
  const [, total, totalCount] = /^(operators|builders) ?= ?(\d+)$/.exec(demand) ?? [];
  if (total === 'operators' || total === 'builders') {
    if (draft[total] !== undefined) throw unreadable(demand, 'stands there twice');
    draft[total] = countOf(totalCount, demand);
    return;
  }
  const [, fact, factCount] = /^distinct (\w+) ?>= ?(\d+)$/.exec(demand) ?? [];
  if (fact !== undefined) {
    const known = FACTS.find((name) => name === fact);
    if (known === undefined) throw unreadable(demand, `counts by one of ${FACTS.join(', ')}`);
    draft.distinct.push({ fact: known, count: countOf(factCount, demand) });
    return;
  }
  const [, condition, count] = /^([^ >]+) ?>= ?(\d+)$/.exec(demand) ?? [];
  if (condition === undefined) throw unreadable(demand, `is none of ${EXPECTED}`);
  draft.atLeast.push({ count: countOf(count, demand), where: whereOf(condition, demand) });
}

function takeEach(draft: Draft, each: string, demand: string): void {
  const [, what, size] = /^(ram|disk) ?>= ?(\w+)$/.exec(each) ?? [];
  if (size !== undefined) {
    const bytes = parseSize(size);
    if (bytes === null) throw unreadable(demand, 'has no size such as 16GiB');
    draft.each[what === 'ram' ? 'ramBytes' : 'diskBytes'] = bytes;
    return;
  }
  const { tags = [], ...others } = whereOf(each, demand);
  const twice = Object.keys(others).find((key) => Object.hasOwn(draft.each, key));
  if (twice !== undefined) throw unreadable(demand, 'asks of each for two values of one fact');
  Object.assign(draft.each, others);
  if (tags.length > 0) draft.each.tags = [...new Set([...(draft.each.tags ?? []), ...tags])];
}

function whereOf(condition: string, demand: string): Where {
  const where: { -readonly [K in keyof Where]: Where[K] } = {};
  const set = <K extends keyof Where>(key: K, value: Where[K]): void => {
    if (where[key] !== undefined) throw unreadable(demand, 'asks for two values of one fact');
    where[key] = value;
  };
  for (const part of condition.split('+')) {
    const [, key, value = ''] = /^(\w+):([A-Za-z0-9][A-Za-z0-9._-]{0,59})$/.exec(part) ?? [];
    switch (key) {
      case 'tag':
        where.tags = [...(where.tags ?? []), value];
        break;
      case 'wsl':
        if (value !== 'yes' && value !== 'no') throw unreadable(demand, 'has yes or no after wsl');
        set('isWsl', value === 'yes');
        break;
      case 'virtualisation':
      case 'engine':
      case 'isolation':
      case 'era':
        set(key, value);
        break;
      case undefined:
      default:
        throw unreadable(demand, `is none of ${EXPECTED}`);
    }
  }
  return where;
}

function countOf(digits: string | undefined, demand: string): number {
  const count = Number(digits);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_COUNT) return count;
  throw unreadable(demand, `counts from 1 to ${MAX_COUNT}`);
}

function unreadable(demand: string, why: string): SelectionError {
  return new SelectionError('BAD_ASK', `the demand ${quote(demand)} cannot be read: it ${why}`);
}
