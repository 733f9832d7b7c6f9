import { expect, test } from 'vitest';
import { groupsOf, selectorsOf } from './promql.js';

test.each<[string, readonly string[]]>([
  ['up', ['up']],
  ['a_total > 100e9', ['a_total']],
  ['sum by (x, y) (rate(a_total{b="c_d",e!~"f|g"}[5m]))', ['a_total']],
  ['time() - max by (builder) (seen_seconds) > 900', ['seen_seconds']],
  ['a / on (x) group_left (z) b offset 5m unless c', ['a', 'b', 'c']],
  ['histogram_quantile(0.5, sum by (le) (rate(h_bucket[$__rate_interval])))', ['h_bucket']],
  ['absent(quorum_build_info{service="coordinator"})', ['quorum_build_info']],
])('%s reads what it names', (expression, metrics) => {
  expect(selectorsOf(expression).map(({ metric }) => metric)).toEqual(metrics);
});

test('labels are found beside their metric, and in what is grouped by', () => {
  const expression = 'sum by (x, y) (a{b="c{d}",e=~"f"}) / b';
  expect(selectorsOf(expression)).toEqual([
    { metric: 'a', labels: ['b', 'e'] },
    { metric: 'b', labels: [] },
  ]);
  expect(groupsOf(expression)).toEqual(['x', 'y']);
});
