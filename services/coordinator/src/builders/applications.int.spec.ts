import { beforeAll, describe, expect, test } from 'vitest';
import { BuilderApplicationView, type Enrol } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { BuilderEntity } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  ADMIN_TOKEN,
  makeCapabilities,
  signApplication,
  signEnrolment,
  signRevocation,
  useQuorum,
  freshSigner,
  Joining,
  makeComer,
  SPEC_ORIGIN,
} from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const SECRET_CONTACT = 'ann@example.org';
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1 },
});
const joining = new Joining(quorum);

describe('an application', () => {
  test('is kept, answered with what comes next, and leaves nothing in the log', async () => {
    const before = await joining.logged();
    const { id, enrol: body } = makeComer({ tags: ['bare-metal'], contact: SECRET_CONTACT });
    expect(await joining.enrol(body)).toMatchObject({
      ...{ builder: id, status: 'applied', http: 202 },
      next: `the group has to approve it: \`builder approve ${id}\``,
    });
    expect(await joining.view(id)).toMatchObject({ status: 'applied', tags: ['bare-metal'] });
    expect(await joining.logged()).toBe(before);
  });

  test('tells nobody but the group how its operator is reached', async () => {
    const { id, enrol: body } = makeComer({ contact: SECRET_CONTACT });
    await joining.enrol(body);
    const { api } = quorum();
    for (const path of [`/v1/builders/${id}`, '/v1/builders?limit=100']) {
      expect(await (await api.get(path)).text()).not.toContain(SECRET_CONTACT);
    }
    expect(await joining.stranger.refused('GET', `/v1/builders/${id}/application`)).toMatchObject({
      status: 401,
    });
    const application = await fetch(`${api.url}/v1/builders/${id}/application`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    expect(BuilderApplicationView.parse(await application.json())).toMatchObject({
      contact: SECRET_CONTACT,
    });
  });

  test('sent again replaces one’s own, as it was signed last, and never goes back', async () => {
    const {
      id,
      set,
      enrol: first,
    } = makeComer({ at: new Date(Date.now() - 60_000).toISOString() });
    await joining.enrol(first);
    const later = signApplication(set.attestation, SPEC_ORIGIN, { tags: ['eu'] });
    await joining.enrol({ ...first, application: later });
    expect((await joining.view(id)).tags).toEqual(['eu']);
    expect(await joining.stranger.refused('POST', '/v1/enrolments', first)).toMatchObject({
      ...{ status: 409, code: 'application-outdated' },
    });
    // Whose answer was lost sends it again.
    expect((await joining.enrol({ ...first, application: later })).status).toBe('applied');
    expect((await joining.view(id)).tags).toEqual(['eu']);
  });

  test('that changed is not approved as it was seen before', async () => {
    const {
      id,
      set,
      operator,
      enrol: first,
    } = makeComer({
      at: new Date(Date.now() - 60_000).toISOString(),
    });
    await joining.enrol(first);
    const { appliedAt } = await joining.view(id);
    await joining.enrol({ ...first, application: signApplication(set.attestation, SPEC_ORIGIN) });
    const seen = { operator: operator.id, appliedAt };
    expect(await quorum().api.refused('POST', `/v1/builders/${id}/approve`, seen)).toMatchObject({
      status: 409,
      code: 'application-changed',
    });
  });

  const other = freshSigner();
  test.each<[string, string, () => Enrol]>([
    [
      'another key signed',
      'application-unusable',
      () => {
        const { enrol: body, set } = makeComer();
        const forged = signApplication(other, SPEC_ORIGIN, {
          ...{ builder: set.attestation.id, publicKey: toBase64(set.attestation.publicKey) },
        });
        return { ...body, application: forged };
      },
    ],
    [
      'names another builder than its enrolment',
      'application-unusable',
      () => {
        return makeComer({ builder: other.id }).enrol;
      },
    ],
    [
      'was made for another coordinator',
      'application-unusable',
      () => {
        return makeComer({ coordinator: 'other.example/log' }).enrol;
      },
    ],
    [
      'was signed days ago',
      'application-unusable',
      () => {
        return makeComer({ at: new Date(Date.now() - 2 * 86_400_000).toISOString() }).enrol;
      },
    ],
    [
      'comes with an enrolment that another operator signed',
      'foreign-signature',
      () => {
        const { enrol: body, set } = makeComer();
        const { payload } = body.enrolment;
        return { ...body, enrolment: { ...signEnrolment(other, set), payload } };
      },
    ],
    [
      'comes with a revocation',
      'unreadable',
      () => {
        const { enrol: body, set, operator } = makeComer();
        return { ...body, enrolment: signRevocation(operator, set.attestation) };
      },
    ],
  ])('that %s is refused, and not kept', async (_what, code, make) => {
    const { dataSource } = quorum();
    const before = await dataSource.getRepository(BuilderEntity).count();
    expect(await joining.stranger.refused('POST', '/v1/enrolments', make())).toMatchObject({
      ...{ status: 422, code },
    });
    expect(await dataSource.getRepository(BuilderEntity).count()).toBe(before);
  });

  test.each<[string, object]>([
    ['a tag that steers a terminal', { tags: ['\u001b[2J'] }],
    ['seventeen tags', { tags: Array.from({ length: 17 }, (_, at) => `t${at}`) }],
    ['a tag twice', { tags: ['eu', 'eu'] }],
    ['contact over two lines', { contact: 'a\nb' }],
    ['contact without end', { contact: 'a'.repeat(201) }],
    ['memory below nothing', { capabilities: makeCapabilities({ ramBytes: -1 }) }],
    ['a system that turns the line', { capabilities: makeCapabilities({ hostOs: 'x\u202ey' }) }],
    ['capabilities that nobody knows', { capabilities: { ...makeCapabilities(), more: 1 } }],
  ])('with %s is refused', async (_what, over) => {
    expect(
      await joining.stranger.refused('POST', '/v1/enrolments', makeComer(over).enrol),
    ).toMatchObject({
      ...{ status: 422, code: 'application-unusable' },
    });
  });
});

describe('strangers without end', () => {
  const MANY = 1_000;
  beforeAll(async () => {
    // As so many applications would have left it.
    await quorum().dataSource.query(
      `INSERT INTO "builder" ("id", "public_key", "operator", "operator_label",
         "operator_public_key", "status", "capabilities", "tags", "enrolment", "signed_at",
         "applied_at", "nats_public_key")
       SELECT 'stranger-' || "n", '', 'x', 'x', '', 'applied', '{}', '{}', '', now(), now(), ''
       FROM generate_series(1, $1::int) AS "n"`,
      [MANY],
    );
  });

  test('fill no more than their places, and keep nobody out who was invited', async () => {
    expect(
      await joining.stranger.refused('POST', '/v1/enrolments', makeComer().enrol),
    ).toMatchObject({
      ...{ status: 429, code: 'too-many-applications' },
    });
    const { invite: word } = await joining.invite();
    expect((await joining.enrol({ ...makeComer().enrol, invite: word })).status).toBe('active');
  });

  test('are forgotten after two weeks', async () => {
    await quorum().dataSource.query(
      `UPDATE "builder" SET "applied_at" = now() - interval '15 days' WHERE "id" LIKE 'stranger-%'`,
    );
    expect((await joining.enrol(makeComer().enrol)).status).toBe('applied');
    expect(await quorum().dataSource.getRepository(BuilderEntity).countBy({ operator: 'x' })).toBe(
      0,
    );
  });
});
