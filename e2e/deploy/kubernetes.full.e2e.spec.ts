import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { HealthController } from '../../services/coordinator/src/health.controller.js';
import { projectRoot } from '../world/project-root.js';
import { kubernetesTools } from './kubernetes-tools.js';
import { ofKind, readManifests, type Manifest } from './manifest.js';
import { isDeniedByDefault, mayReach, networkPolicies, outsideOf } from './network-rules.js';
import { podSecurityErrors } from './pod-security.js';
import { workloads, type Workload } from './pods.js';
import { formErrors, hasForm } from './resource-schema.js';
import { environmentErrors } from './service-config.js';

const tools = kubernetesTools();
const why = tools === null ? ' (skipped: kubectl could not be fetched)' : '';

async function render(overlay: string): Promise<readonly Manifest[]> {
  const folder = join(projectRoot(), 'k8s/overlays', overlay);
  const { stdout, stderr } = await execa(tools!.kubectl, ['kustomize', folder]);
  // A warning tells what the next version will refuse.
  expect(stderr).toBe('');
  return readManifests(stdout);
}

const Roles = z.looseObject({
  spec: z.looseObject({
    bootstrap: z.looseObject({ initdb: z.looseObject({ owner: z.string() }) }),
    managed: z.looseObject({ roles: z.array(z.unknown()) }),
  }),
});

const named = (found: readonly Workload[], name: string): Workload =>
  found.find((workload) => workload.name === name)!;

describe.skipIf(tools === null).each(['dev', 'prod'])(`the overlay %s${why}`, (overlay) => {
  let manifests: readonly Manifest[] = [];
  let running: readonly Workload[] = [];
  beforeAll(async () => {
    manifests = await render(overlay);
    running = workloads(manifests);
  });

  test('has the form that Kubernetes 1.30 takes, without any field that it does not know', () => {
    const known = manifests.filter(hasForm);
    expect(known.length).toBeGreaterThan(12);
    expect(known.flatMap(formErrors)).toEqual([]);
  });

  test('puts all that is its own into one namespace, which enforces the restricted standard', () => {
    const [namespace, ...others] = ofKind(manifests, 'Namespace');
    expect(others).toEqual([]);
    expect(namespace?.metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
    const homes = manifests.filter((manifest) => manifest !== namespace);
    expect(new Set(homes.map(({ metadata }) => metadata.namespace))).toEqual(
      new Set([namespace?.metadata.name]),
    );
  });

  test('runs nothing that the restricted standard refuses', () => {
    expect(running.map(({ name }) => name).toSorted()).toEqual(['coordinator', 'migrations']);
    expect(running.flatMap(podSecurityErrors)).toEqual([]);
  });

  test('gives the coordinator an environment that it takes, its keys as files among it', () => {
    const [container] = named(running, 'coordinator').pod.containers;
    const maps = ofKind(manifests, 'ConfigMap').filter(({ metadata }) =>
      container!.envFrom.some(({ configMapRef }) => configMapRef.name === metadata.name),
    );
    const { data } = z.looseObject({ data: z.record(z.string(), z.string()) }).parse(maps[0]);
    const secret = Object.fromEntries(
      container!.env.map(({ name, value }) => [name, value ?? 'postgresql://of-a-secret/quorum']),
    );
    expect(environmentErrors('coordinator', { ...data, ...secret })).toEqual([]);
    const mounts = container!.volumeMounts.map(({ mountPath }) => mountPath);
    const paths = Object.entries(data).filter(([name]) => /_(FILE|DIR)$/.test(name));
    expect(paths.map(([name]) => name)).toContain('SIGNING_KEY_FILE');
    for (const [name, path] of paths) {
      expect([name, mounts.some((mount) => path.startsWith(mount))]).toEqual([name, true]);
    }
    expect(data['PORT']).toBe(String(container!.ports[0]?.containerPort));
    expect(data['HOST']).toBe('0.0.0.0');
    if (overlay !== 'prod') return;
    const [ingress] = ofKind(manifests, 'Ingress').map((manifest) =>
      z
        .looseObject({
          spec: z.looseObject({ rules: z.array(z.looseObject({ host: z.string() })) }),
        })
        .parse(manifest),
    );
    expect(data['PUBLIC_URL']).toBe(`https://${ingress!.spec.rules[0]!.host}`);
    // Behind the ingress all callers count as one where it is not named.
    expect(data['TRUSTED_PROXIES']).toMatch(/\S/);
  });

  test('has the owner’s password in the migrations alone, which give its rights to the role that coordinators sign in as', () => {
    const of = (name: string) => named(running, name).pod.containers[0]!.env;
    const secretsOf = (name: string) => of(name).map(({ valueFrom }) => valueFrom?.secretKeyRef);
    const [role] = of('migrations').filter(({ name }) => name === 'SERVICE_ROLE');
    const [{ spec }] = ofKind(manifests, 'Cluster').map((manifest) => Roles.parse(manifest)) as [
      z.infer<typeof Roles>,
    ];
    expect(secretsOf('coordinator')).toEqual([{ name: 'database-service', key: 'uri' }]);
    expect(secretsOf('migrations')).toContainEqual({ name: 'database-app', key: 'uri' });
    expect(JSON.stringify(named(running, 'coordinator').pod)).not.toContain('database-app');
    // The operator makes it, without any right of its own: it is told nothing more.
    expect(spec.managed.roles).toEqual([
      {
        ...{ name: role?.value, ensure: 'present', login: true },
        passwordSecret: { name: 'database-service' },
      },
    ]);
    expect(role?.value).not.toBe(spec.bootstrap.initdb.owner);
  });

  test('asks the coordinator’s own probes, and readiness later than it gives its own questions', () => {
    const probes = ['alive', 'ready'].map((name) => {
      const handler = Reflect.get(HealthController.prototype, name) as object;
      return `/${String(Reflect.getMetadata('path', handler))}`;
    });
    expect(probes).toEqual(['/healthz', '/readyz']);
    const [{ startupProbe, livenessProbe, readinessProbe }] = named(running, 'coordinator').pod
      .containers as [Workload['pod']['containers'][number]];
    expect(startupProbe?.httpGet).toMatchObject({ path: '/healthz', port: 'http' });
    expect(startupProbe!.periodSeconds * startupProbe!.failureThreshold).toBeGreaterThan(120);
    // What a database that is away would restart over and over is never asked for here.
    expect(livenessProbe?.httpGet).toMatchObject({ path: '/healthz', port: 'http' });
    expect(readinessProbe?.httpGet).toMatchObject({ path: '/readyz?to=read', port: 'http' });
    expect(readinessProbe!.timeoutSeconds).toBeGreaterThan(2);
  });

  test('starts programs that are there', () => {
    const commands = running.map(({ pod }) => pod.containers[0]?.command);
    for (const command of commands) {
      const [program, path = ''] = command!;
      expect(program).toBe('node');
      expect(path).toMatch(/^\/usr\/lib\/repro-quorum\/dist\/services\//);
      const built = join(projectRoot(), path.slice('/usr/lib/repro-quorum'.length));
      expect([built, existsSync(built)]).toEqual([built, true]);
    }
  });

  test('lets coordinators reach database, NATS and the outside’s 443, and nobody else anything', () => {
    const policies = networkPolicies(manifests);
    expect(isDeniedByDefault(policies)).toBe(true);
    const { labels: coordinator } = named(running, 'coordinator');
    const { labels: migrations } = named(running, 'migrations');
    const nats = { 'app.kubernetes.io/name': 'nats' };
    const database = { 'cnpg.io/cluster': 'database' };
    const stranger = { 'app.kubernetes.io/name': 'stranger' };
    const may = mayReach.bind(null, policies);
    expect(may(coordinator, database, 5432)).toBe(true);
    expect(may(coordinator, nats, 4222)).toBe(true);
    expect(may(nats, nats, 6222)).toBe(true);
    expect(may(database, database, 5432)).toBe(true);
    expect(may(migrations, database, 5432)).toBe(true);
    expect(may(migrations, nats, 4222)).toBe(false);
    expect(may(nats, database, 5432)).toBe(false);
    expect(may(coordinator, nats, 6222)).toBe(false);
    expect(may(stranger, database, 5432)).toBe(false);
    expect(may(stranger, coordinator, 3000)).toBe(false);
    const outside = outsideOf(policies, coordinator, 443);
    expect(outside.map(({ cidr }) => cidr)).toEqual(['0.0.0.0/0', '::/0']);
    // The cloud's metadata, and everything private.
    expect(outside[0]?.except).toEqual(
      expect.arrayContaining(['169.254.0.0/16', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']),
    );
    for (const port of [22, 80, 5432]) expect(outsideOf(policies, coordinator, port)).toEqual([]);
    expect(outsideOf(policies, nats, 443)).toEqual([]);
  });

  test('keeps a coordinator through a drain, and never forbids one for ever', () => {
    const [budget] = ofKind(manifests, 'PodDisruptionBudget').map((manifest) =>
      z
        .looseObject({
          spec: z.looseObject({
            minAvailable: z.number().optional(),
            maxUnavailable: z.number().optional(),
            selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()) }),
          }),
        })
        .parse(manifest),
    );
    const { replicas, labels, pod } = named(running, 'coordinator');
    expect(labels).toMatchObject(budget!.spec.selector.matchLabels);
    const { minAvailable, maxUnavailable = replicas - (minAvailable ?? 0) } = budget!.spec;
    expect(maxUnavailable).toBeGreaterThanOrEqual(1);
    if (overlay === 'prod') expect(replicas - maxUnavailable).toBeGreaterThanOrEqual(1);
    expect(pod.topologySpreadConstraints.map(({ topologyKey }) => topologyKey)).toEqual([
      'topology.kubernetes.io/zone',
      'kubernetes.io/hostname',
    ]);
  });

  test('keeps what was committed: a database that writes through, on a standby as well where there is one', () => {
    const [cluster] = ofKind(manifests, 'Cluster');
    const { spec } = z
      .looseObject({
        spec: z.looseObject({
          instances: z.number(),
          postgresql: z.looseObject({
            parameters: z.record(z.string(), z.string()),
            synchronous: z
              .looseObject({ dataDurability: z.string(), number: z.number() })
              .optional(),
          }),
        }),
      })
      .parse(cluster);
    expect(cluster!.apiVersion).toBe('postgresql.cnpg.io/v1');
    expect(spec.postgresql.parameters).toMatchObject({ fsync: 'on', synchronous_commit: 'on' });
    if (spec.instances === 1) return;
    expect(spec.postgresql.synchronous).toMatchObject({ dataDurability: 'required', number: 1 });
  });
});

describe('the checks themselves', () => {
  const pod = { containers: [{ name: 'a', image: 'a' }] };
  const deployment = (spec: object): Manifest => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a' },
    spec: { replicas: 1, selector: {}, template: { metadata: { labels: {} }, spec: pod }, ...spec },
  });

  test('a field in the wrong place, and a value of the wrong kind, are found', () => {
    expect(formErrors(deployment({}))).toEqual([]);
    expect(formErrors(deployment({ imagePullPolicy: 'Always' })).join()).toMatch(/imagePullPolicy/);
    expect(formErrors(deployment({ replicas: '3' })).join()).toMatch(/replicas: must be number/);
  });

  test('a pod that says nothing of its security is refused for each thing', () => {
    const [found] = workloads([deployment({})]);
    const errors = podSecurityErrors(found!).join();
    for (const words of ['gain privileges', 'run as root', 'keeps capabilities', 'seccomp']) {
      expect(errors).toContain(words);
    }
  });
});
