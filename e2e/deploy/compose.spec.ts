import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../world/project-root.js';
import { readCompose, requiredVariables } from './compose.js';
import { environmentErrors } from './service-config.js';

const variables = Object.fromEntries(requiredVariables().map((name) => [name, 'quorum.example']));
const { services, networks, volumes } = readCompose(variables);
const entries = Object.entries(services);
/** What the person who installs it puts there. */
const OWN = ['./secrets', './roster.json'];

test('each service runs without root, capabilities, new privileges and a root filesystem to write to', () => {
  for (const [name, service] of entries) {
    const { read_only, privileged, cap_drop, cap_add, security_opt, user } = service;
    expect([name, read_only, privileged, cap_drop]).toEqual([name, true, false, ['ALL']]);
    expect([name, security_opt]).toEqual([name, ['no-new-privileges:true']]);
    const isRoot = /^(0|root)(:|$)/.test(user);
    // One gives new volumes to the others and ends; it reaches no network.
    expect([name, isRoot]).toEqual([name, name === 'folders']);
    expect([name, cap_add]).toEqual([name, isRoot ? ['CHOWN', 'FOWNER'] : []]);
    if (isRoot) expect(service.network_mode).toBe('none');
  }
});

test('nothing answers to other machines, and what need not reach the outside cannot', () => {
  for (const [, { ports }] of entries) {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  }
  expect(networks['inside']?.internal).toBe(true);
  const reaching = entries.filter(([, service]) => service.networks.includes('outside'));
  expect(reaching.map(([name]) => name)).toEqual(['coordinator', 'grafana']);
});

test('the coordinator is given variables that it knows, and all that it needs', () => {
  expect(environmentErrors('coordinator', services['coordinator']!.environment)).toEqual([]);
});

test('the owner’s password is given to the database and the migrations alone, the service’s to these and the coordinator', () => {
  const secrets = { POSTGRES_PASSWORD: 'the-owner', SERVICE_PASSWORD: 'the-service' };
  const filled = Object.entries(readCompose({ ...variables, ...secrets }).services);
  const knowing = (secret: string): readonly string[] =>
    filled.filter(([, service]) => JSON.stringify(service).includes(secret)).map(([name]) => name);
  expect(knowing('the-owner')).toEqual(['postgres', 'migrations']);
  expect(knowing('the-service')).toEqual(['migrations', 'coordinator']);
});

test('the coordinator signs in as the role that the migrations make, and starts after them', () => {
  const { migrations, coordinator } = services;
  const url = new URL(coordinator!.environment['DATABASE_URL']!);
  expect(url.username).toBe(migrations!.environment['SERVICE_ROLE']);
  expect(url.password).toBe(migrations!.environment['SERVICE_PASSWORD']);
  expect(coordinator!.depends_on).toHaveProperty('migrations');
});

test('the coordinator has the address that readers use, and the proxies that .env names', () => {
  const named = readCompose({ ...variables, TRUSTED_PROXIES: '10.89.0.0/24' });
  const { environment } = named.services['coordinator']!;
  expect(environment).toMatchObject({
    PUBLIC_URL: 'https://quorum.example',
    TRUSTED_PROXIES: '10.89.0.0/24',
  });
  expect(environmentErrors('coordinator', environment)).toEqual([]);
});

test('every volume is declared, and every file that is mounted is in the checkout', () => {
  for (const [name, service] of entries) {
    for (const volume of service.volumes) {
      const [source = ''] = volume.split(':');
      if (!source.startsWith('.')) expect(Object.keys(volumes)).toContain(source);
      else if (!OWN.includes(source)) {
        const path = join(projectRoot(), 'deploy', source);
        expect([name, source, existsSync(path)]).toEqual([name, source, true]);
      }
    }
  }
});

test('images of others are pinned to a version', () => {
  const others = entries.filter(([, { image }]) => !image.startsWith('localhost/'));
  for (const [, { image }] of others) expect(image).toMatch(/^[\w.]+\/[\w/-]+:v?\d[\w.-]*$/);
});

test('every variable of a NATS server’s configuration is set for each of them', () => {
  const conf = readFileSync(join(projectRoot(), 'deploy/nats/nats.conf'), 'utf8');
  const used = [...conf.matchAll(/\$(\w+)/g)].map(([, name = '']) => name);
  for (const name of ['nats-1', 'nats-2', 'nats-3']) {
    expect(Object.keys(services[name]!.environment).toSorted()).toEqual(used.toSorted());
    expect(services[name]!.environment['NATS_SERVER_NAME']).toBe(name);
  }
});

test('whoever is waited for says when it is ready, and who runs once, that it has ended', () => {
  for (const [name, { depends_on }] of entries) {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      const isHealthy = services[other]?.healthcheck !== undefined;
      const expected = isHealthy ? 'service_healthy' : 'service_completed_successfully';
      expect([name, other, condition]).toEqual([name, other, expected]);
    }
  }
});
