import { describe, expect, test } from 'vitest';
import { faultsOf, type MetricDefinition } from './metric-table.js';

const counter: MetricDefinition = { type: 'counter', help: 'Things, by kind', labels: ['kind'] };

describe('the naming rules', () => {
  test('find nothing in what keeps them', () => {
    const table = {
      app_things_total: counter,
      app_thing_age_seconds: { type: 'gauge', help: 'Age of a thing' },
      app_wait_seconds: { type: 'histogram', help: 'Time', buckets: [1, 2] },
    } as const;
    expect(faultsOf(table, 'app')).toEqual([]);
  });

  test.each<[string, MetricDefinition, string]>([
    ['app_things', counter, '_total is for counters'],
    ['app_things_total', { ...counter, type: 'gauge' }, '_total is for counters'],
    ['other_things_total', counter, 'does not begin with app_'],
    ['app_Things_total', counter, 'is not in snake case'],
    ['app_wait_milliseconds', { type: 'gauge', help: 'Time' }, 'is not in a base unit'],
    ['app_free_mb', { type: 'gauge', help: 'Room' }, 'is not in a base unit'],
    ['app_wait_seconds', { type: 'histogram', help: 'Time' }, 'buckets are for histograms'],
    ['app_wait', { type: 'histogram', help: 'Time', buckets: [1] }, 'names no unit'],
    ['app_things_count', { type: 'gauge', help: 'Things' }, 'ends like a series of a histogram'],
    ['app_age_seconds', { type: 'gauge', help: 'An age.' }, 'has no help'],
    ['app_things_total', { ...counter, labels: ['round'] }, 'label round has no bound'],
    ['app_things_total', { ...counter, labels: ['service'] }, 'label service is taken'],
  ])('name what is wrong with %s', (name, definition, fault) => {
    expect(faultsOf({ [name]: definition }, 'app').join('; ')).toContain(fault);
  });
});
