import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../world/project-root.js';
import { kubernetesTools } from './kubernetes-tools.js';
import { ofKind, readManifests, type Manifest } from './manifest.js';
import { readValues, unknownKeys } from './nats-values.js';
import { podSecurityErrors } from './pod-security.js';
import { workloads } from './pods.js';
import { formErrors, hasForm } from './resource-schema.js';

const FILES = ['values.yaml', 'values-dev.yaml'];

test.each(FILES)('%s names no key that the chart does not have', (file) => {
  expect(unknownKeys(readValues(file))).toEqual([]);
  expect(unknownKeys({ config: { jetstream: { sync_interval: 'always' } } })).toEqual([
    'config.jetstream.sync_interval',
  ]);
});

// The chart is not to be had without its own site; a copy of its folder does.
const chart = process.env['NATS_CHART_DIR'];
const tools = kubernetesTools();
const isReady = chart !== undefined && tools !== null;
const why = isReady ? '' : ' (skipped: NATS_CHART_DIR names no copy of the chart)';

async function template(files: readonly string[]): Promise<readonly Manifest[]> {
  const values = files.flatMap((file) => ['--values', join(projectRoot(), 'k8s/nats', file)]);
  const args = ['template', 'nats', chart!, '--namespace', 'repro-quorum', ...values];
  return readManifests((await execa(tools!.helm, args)).stdout);
}

describe.skipIf(!isReady).each([
  ['three servers', ['values.yaml'], 3],
  ['one server', FILES, 1],
] as const)(`the official chart with the values for %s${why}`, (_, files, replicas) => {
  test('makes objects of the right form, which the restricted standard lets run', async () => {
    const manifests = await template(files);
    expect(manifests.filter(hasForm).flatMap(formErrors)).toEqual([]);
    const [servers, ...others] = workloads(manifests);
    expect(others).toEqual([]);
    expect(servers).toMatchObject({ kind: 'StatefulSet', replicas });
    expect(podSecurityErrors(servers!)).toEqual([]);
  });

  test('keeps what the chart mounts beside what is added', async () => {
    const [servers] = workloads(await template(files));
    const mounts = servers!.pod.containers[0]!.volumeMounts.map(({ mountPath }) => mountPath);
    for (const path of ['/etc/nats-config', '/data', '/data/resolver', '/etc/nats-authority']) {
      expect(mounts).toContain(path);
    }
  });

  test('writes each message through, and takes accounts from the authority', async () => {
    const [map] = ofKind(await template(files), 'ConfigMap');
    const { data } = z.looseObject({ data: z.record(z.string(), z.string()) }).parse(map);
    expect(data['nats.conf']).toContain('"sync_interval": "always"');
    expect(data['nats.conf']).toContain('include ../nats-authority/authority.conf;');
    expect(data['nats.conf']?.includes('"cluster"')).toBe(replicas > 1);
  });
});
