import { describe, expect, test } from 'vitest';
import type { Signer } from '#libs/attestation';
import { BuilderList, Ordered, type SignedOrder } from '#libs/contracts';
import { readConfig } from '#libs/platform';
import {
  CoordinatorClient,
  eventually,
  HandBuilder,
  makeCapabilities,
  signApplication,
  signEnrolment,
  signRevocation,
  useQuorum,
  freshCommit,
  freshSigner,
  Joining,
  makeComer,
  signedOrder,
  SPEC_ORIGIN,
} from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1 },
});
const joining = new Joining(quorum);

describe('an approval', () => {
  test('logs the keys and the act, and has rounds invite the builder as its operator’s', async () => {
    const { id, operator } = await joining.approved({ tags: ['eu'] });
    const keysOf = await (await quorum().api.get(`/v1/keys/${id}`)).json();
    expect(keysOf).toMatchObject({ state: 'active', operator: { id: operator.id } });
    expect(await joining.acts(`builder/${id}`)).toMatchObject([
      {
        ...{ act: 'builder-approve', actor: { kind: 'token' } },
        detail: { operator: operator.id, tags: ['eu'] },
      },
    ]);
    expect((await joining.view(id)).approvedAt).not.toBeNull();
    expect(await joining.invited()).toContain(id);
  });

  test('done again changes nothing', async () => {
    const { id } = await joining.approved();
    const before = await joining.logged();
    expect(await joining.order(id, 'approve')).toEqual({
      builder: id,
      status: 'active',
      isChanged: false,
    });
    expect(await joining.logged()).toBe(before);
  });

  test('of many at the same time happens once, on whichever coordinator', async () => {
    const { id, enrol: body } = makeComer();
    await joining.enrol(body);
    const more = await quorum().start();
    const clients = [quorum().api, new CoordinatorClient(more.url)];
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, at) => {
        const response = await clients[at % 2]!.post(`/v1/builders/${id}/approve`);
        return Ordered.parse(await response.json());
      }),
    );
    expect(answers.filter(({ isChanged }) => isChanged)).toHaveLength(1);
    expect(await joining.acts(`builder/${id}`)).toHaveLength(1);
    await quorum().stop(more);
  });

  test('takes a token with the right to it', async () => {
    const { id, enrol: body } = makeComer();
    await joining.enrol(body);
    for (const what of ['approve', 'pause', 'revoke']) {
      expect(await joining.stranger.refused('POST', `/v1/builders/${id}/${what}`)).toMatchObject({
        status: 401,
      });
    }
    expect(await joining.stranger.refused('POST', '/v1/invites')).toMatchObject({ status: 401 });
  });

  test('is nothing for a key that is logged as another operator’s', async () => {
    const { set, id } = await joining.approved();
    await joining.order(id, 'retire');
    const thief = freshSigner();
    const stolen = {
      enrolment: signEnrolment(thief, set),
      application: signApplication(set.attestation, SPEC_ORIGIN),
    };
    expect(await joining.stranger.refused('POST', '/v1/enrolments', stolen)).toMatchObject({
      ...{ status: 409, code: 'known-key' },
    });
  });
});

describe('an operator’s order', () => {
  test('is carried out once, for its own builder, and recorded as the operator’s', async () => {
    const { id, operator } = await joining.approved();
    const pause = signedOrder(operator, id, 'pause', { reason: 'new disk' });
    expect(await joining.obeyed(pause)).toMatchObject({ status: 'paused', isChanged: true });
    expect(await joining.view(id)).toMatchObject({ status: 'paused', statusReason: 'new disk' });
    expect(await joining.invited()).not.toContain(id);
    expect(await joining.stranger.refused('POST', '/v1/orders', pause)).toMatchObject({
      ...{ status: 409, code: 'order-replayed' },
    });
    await joining.obeyed(signedOrder(operator, id, 'resume'));
    expect(await joining.stranger.refused('POST', '/v1/orders', pause)).toMatchObject({
      code: 'order-replayed',
    });
    expect(await joining.view(id)).toMatchObject({ status: 'active' });
    expect((await joining.acts(`builder/${id}`)).slice(1)).toMatchObject([
      { act: 'builder-pause', actor: { kind: 'operator', id: operator.id } },
      { act: 'builder-resume' },
    ]);
  });

  test.each<[string, (id: string, operator: Signer) => SignedOrder]>([
    ['another operator', (id) => signedOrder(freshSigner(), id, 'revoke')],
    [
      'another operator in its name',
      (id, operator) => {
        const { order: own } = signedOrder(operator, id, 'revoke');
        const { order: forged } = signedOrder(freshSigner(), id, 'revoke');
        return { order: { ...forged, payload: own.payload } };
      },
    ],
    [
      'an operator of another coordinator',
      (id, operator) => signedOrder(operator, id, 'revoke', { coordinator: 'other.example/log' }),
    ],
    [
      'its operator an hour ago',
      (id, operator) =>
        signedOrder(operator, id, 'revoke', { at: new Date(Date.now() - 3_600_000).toISOString() }),
    ],
    [
      'its operator in an hour',
      (id, operator) =>
        signedOrder(operator, id, 'revoke', { at: new Date(Date.now() + 3_600_000).toISOString() }),
    ],
  ])('by %s is not carried out', async (_who, make) => {
    const { id, operator } = await joining.approved();
    expect(await joining.stranger.refused('POST', '/v1/orders', make(id, operator))).toMatchObject({
      ...{ status: 422, code: 'order-unusable' },
    });
    expect((await joining.view(id)).status).toBe('active');
  });

  test('before the approval is the group’s alone, and is told so', async () => {
    const { id, operator, enrol: body } = makeComer();
    await joining.enrol(body);
    const refused = await joining.stranger.refused(
      'POST',
      '/v1/orders',
      signedOrder(operator, id, 'retire'),
    );
    expect(refused.detail).toContain('not approved yet');
  });

  test('does not take back what the group ordered', async () => {
    const { id, operator } = await joining.approved();
    await joining.order(id, 'pause', { reason: 'looks odd' });
    expect(
      await joining.stranger.refused('POST', '/v1/orders', signedOrder(operator, id, 'resume')),
    ).toMatchObject({ code: 'order-unusable' });
    expect((await joining.order(id, 'resume')).status).toBe('active');
  });

  test('to revoke ends the key in the log as well, both or neither', async () => {
    const { id, operator, set } = await joining.approved();
    const wrong = {
      ...signedOrder(operator, id, 'revoke'),
      revocation: signRevocation(freshSigner(), set.attestation),
    };
    expect(await joining.stranger.refused('POST', '/v1/orders', wrong)).toMatchObject({
      code: 'foreign-operator',
    });
    expect((await joining.view(id)).status).toBe('active');
    const revocation = signRevocation(operator, set.attestation, { reason: 'retired' });
    await joining.obeyed({ ...signedOrder(operator, id, 'revoke'), revocation });
    expect((await joining.view(id)).status).toBe('revoked');
    expect(await (await quorum().api.get(`/v1/keys/${id}`)).json()).toMatchObject({
      state: 'revoked',
    });
  });
});

describe('a builder', () => {
  test('that was revoked does not come back, by whatever way', async () => {
    const { id, enrol: body, set } = await joining.approved();
    await joining.order(id, 'revoke', { reason: 'lied' });
    const again = { ...body, application: signApplication(set.attestation, SPEC_ORIGIN) };
    const { invite: word } = await joining.invite();
    for (const enrolment of [again, { ...again, invite: word }]) {
      expect(await joining.stranger.refused('POST', '/v1/enrolments', enrolment)).toMatchObject({
        ...{ status: 409, code: 'builder-status' },
      });
    }
    expect(await quorum().api.refused('POST', `/v1/builders/${id}/approve`)).toMatchObject({
      code: 'builder-status',
    });
    expect(await joining.invited()).not.toContain(id);
  });

  test('that has retired may ask again, with the keys that are logged', async () => {
    const { id, enrol: body, set } = await joining.approved();
    await joining.order(id, 'retire');
    const before = await joining.logged();
    await joining.enrol({ ...body, application: signApplication(set.attestation, SPEC_ORIGIN) });
    expect(await joining.order(id, 'approve')).toMatchObject({ status: 'active', isChanged: true });
    // The act alone: the keys were in the log.
    expect(await joining.logged()).toBe(before + 1);
  });

  test('that drains retires once it has nothing to do, and finishes what it has', async () => {
    const { id } = await joining.approved();
    const { api } = quorum();
    const commit = freshCommit();
    const builders = [id, quorum().builder('acme').signer.id];
    const round = await api.open({ commit, threshold: '2', builders });
    await joining.order(id, 'drain');
    expect(
      await api.refused('POST', '/v1/rounds', { commit, threshold: '2', builders }),
    ).toMatchObject({ code: 'builder-not-active' });
    expect((await joining.view(id)).status).toBe('draining');
    await api.close(round);
    await eventually(
      'a retired builder',
      () => joining.view(id),
      ({ status }) => status === 'retired',
    );
    expect((await joining.acts(`builder/${id}`)).at(-1)).toMatchObject({
      ...{ act: 'builder-finish', actor: { kind: 'coordinator' } },
    });
  });

  test('that drains does not retire before it shows what it committed to after a decline', async () => {
    const { id, set } = await joining.approved();
    const { api, nats } = quorum();
    const own = new HandBuilder(set.attestation, id, nats);
    await own.listen();
    const builders = [id, quorum().builder('acme').id];
    const round = await api.open({ commit: freshCommit(), threshold: '2', builders });
    const { commit, result } = own.seal(await own.invitation(round));
    await own.receipt(await own.decline(round));
    await own.commit(commit);
    await own.receipt(commit);
    await joining.order(id, 'drain');
    // Who drains is looked at one after the other: with the second of two, each was.
    for (const idle of [await joining.approved(), await joining.approved()]) {
      await joining.order(idle.id, 'drain');
      await eventually(
        'a retired builder',
        () => joining.view(idle.id),
        ({ status }) => status === 'retired',
      );
    }
    expect((await joining.view(id)).status).toBe('draining');
    await api.close(round);
    await own.close(round);
    await own.reveal(result);
    await eventually(
      'a retired builder',
      () => joining.view(id),
      ({ status }) => status === 'retired',
    );
    await own.stop();
  });

  test('is listed page by page, by status', async () => {
    const { id } = await joining.approved();
    await joining.order(id, 'pause');
    const found: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const response = await joining.stranger.get(
        `/v1/builders?status=paused&limit=1&after=${after}`,
      );
      const page: BuilderList = BuilderList.parse(await response.json());
      found.push(...page.builders.map(({ builder }) => builder));
      after = page.next;
    }
    expect(found).toContain(id);
    expect(found).toEqual([...new Set(found)].toSorted());
  });

  test('that is paused and tells of itself is told how it is resumed, and by whom', async () => {
    const { id, enrol: body, set } = await joining.approved();
    await joining.order(id, 'pause');
    const application = signApplication(set.attestation, SPEC_ORIGIN);
    const { status, next } = await joining.enrol({ ...body, application });
    expect(status).toBe('paused');
    expect(next).toContain(`builder resume ${id} --coordinator URL --operator-key FILE`);
    expect(next).toContain('only the group resumes it');
  });

  test('keeps its tags once they were approved, and may tell of another machine', async () => {
    const { id, enrol: body, set } = await joining.approved({ tags: ['eu'] });
    const over = { capabilities: makeCapabilities({ slots: 3 }), tags: ['eu'] };
    await joining.enrol({
      ...body,
      application: signApplication(set.attestation, SPEC_ORIGIN, over),
    });
    expect(await joining.view(id)).toMatchObject({ status: 'active', capabilities: { slots: 3 } });
    const application = signApplication(set.attestation, SPEC_ORIGIN, { tags: ['bare-metal'] });
    expect(
      await joining.stranger.refused('POST', '/v1/enrolments', { ...body, application }),
    ).toMatchObject({ status: 409, code: 'tags-approved' });
  });
});
