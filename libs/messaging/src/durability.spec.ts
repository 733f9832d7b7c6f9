import { describe, expect, test } from 'vitest';
import { durabilityOf, leastDurable } from './durability.js';

describe('a server acknowledges', () => {
  test.each([
    ['2.9.10', { store_dir: '/store' }, 'page-cache', 'nats-server 2.9.10 has no sync_interval'],
    ['2.9.10', { sync_always: true }, 'page-cache', 'nats-server 2.9.10 has no sync_interval'],
    ['2.14.0', { sync_interval: 120_000_000_000 }, 'page-cache', 'sync_interval is not always'],
    ['2.14.0', { sync_always: true, sync_interval: 1 }, 'fsync', 'sync_interval is always'],
    ['2.14.0', null, 'page-cache', 'its configuration is not known: it was not asked'],
    ['2.14.0', 'always', 'page-cache', 'its configuration is not known: it was not asked'],
    ['none', { sync_always: true }, 'page-cache', 'nats-server none has no sync_interval'],
  ] as const)('%s with %j: from the %s', (version, config, mode, reason) => {
    expect(durabilityOf(version, config)).toEqual({ mode, reason });
  });

  test('as its least durable fellow does, in a cluster', () => {
    const durable = { mode: 'fsync', reason: 'sync_interval is always' } as const;
    const other = { mode: 'page-cache', reason: 'sync_interval is not always' } as const;
    expect(leastDurable([durable, other, durable])).toBe(other);
    expect(leastDurable([durable, durable])).toBe(durable);
    expect(leastDurable([]).mode).toBe('page-cache');
  });
});
