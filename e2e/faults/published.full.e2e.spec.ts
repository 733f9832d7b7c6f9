import { expect, test } from 'vitest';
import { electGuestos, five } from '../scenarios/parts.js';
import { runScenario } from '../scenarios/run-scenario.js';
import type { Scenario } from '../scenarios/scenario.js';

test('a URL on a host that is not allowed, and a download that is cut, are told and change no verdict', async () => {
  const scenario: Scenario = {
    name: 'unreadable-publications',
    story: 'one URL leads elsewhere, one host cuts the line',
    defects: {},
    builders: () => five(),
    proposal: (scene) => ({
      ...electGuestos(scene),
      urls: ['http://169.254.169.254/latest/meta-data', electUrls(scene)[0] ?? ''],
    }),
    sabotage: ({ world, published }) => {
      const { cdnPath } = published.artifacts['guestos/update-img'];
      world.network.setFault(cdnPath, { kind: 'truncate', afterBytes: 1000 });
    },
  };
  const { report } = await runScenario(scenario);
  const guestos = report.artifacts.find(({ name }) => name === 'guestos/update-img');
  expect(guestos).toMatchObject({ verdict: 'reproduced', flags: ['work-shown'] });
  const errors = report.published.flatMap(({ url, readings }) =>
    readings.flatMap(({ error, sha256 }) => (error === null ? [] : [{ url, sha256, error }])),
  );
  expect(errors).toHaveLength(2);
  expect(errors).toContainEqual({
    url: 'http://169.254.169.254/latest/meta-data',
    sha256: null,
    error: expect.stringMatching(/^URL_NOT_ALLOWED: /) as string,
  });
  expect(errors).toContainEqual(
    expect.objectContaining({
      sha256: null,
      error: expect.stringMatching(/^TRUNCATED_DOWNLOAD: /) as string,
    }),
  );
});

function electUrls(scene: Parameters<Scenario['proposal']>[0]): readonly string[] {
  const spec = electGuestos(scene);
  return 'urls' in spec ? spec.urls : [];
}
