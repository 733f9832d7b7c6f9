import { describe, expect, test } from 'vitest';
import { InviteList, InviteView, type InviteStatus } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { readConfig } from '#libs/platform';
import { CoordinatorClient, freshSigner, Joining, makeComer, useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1 },
});
const joining = new Joining(quorum);

/** All invites that are listed, of two a page. */
async function listed(status?: InviteStatus): Promise<readonly InviteView[]> {
  const all: InviteView[] = [];
  for (let after: string | null = ''; after !== null;) {
    const query = `limit=2&after=${after}${status === undefined ? '' : `&status=${status}`}`;
    const response = await quorum().api.getAsMember(`/v1/invites?${query}`);
    const page: InviteList = InviteList.parse(await response.json());
    expect(page.invites.length).toBeLessThanOrEqual(2);
    all.push(...page.invites);
    after = page.next;
  }
  return all;
}

async function withdrawn(id: string): Promise<InviteView> {
  const response = await quorum().api.delete(`/v1/invites/${id}`);
  return InviteView.parse(await response.json());
}

async function expire(id: string): Promise<void> {
  const { dataSource } = quorum();
  await dataSource.query(`UPDATE "builder_invite" SET "expires_at" = now() WHERE "id" = $1`, [id]);
}

describe('an invite', () => {
  test('lets one builder in at once, once, and the same one again', async () => {
    const { invite: word, id: inviteId } = await joining.invite({ label: 'for ann' });
    const [first, second] = [makeComer(), makeComer()];
    const joined = await joining.enrol({ ...first.enrol, invite: word });
    expect(joined).toMatchObject({
      status: 'active',
      http: 200,
      next: 'start the agent: `builder run`',
    });
    expect(await joining.acts(`builder/${first.id}`)).toMatchObject([
      { act: 'builder-approve', actor: { kind: 'coordinator' }, detail: { invite: inviteId } },
    ]);
    expect(
      await joining.stranger.refused('POST', '/v1/enrolments', { ...second.enrol, invite: word }),
    ).toMatchObject({ status: 403, code: 'invite-unusable' });
    expect((await joining.stranger.get(`/v1/builders/${second.id}`)).status).toBe(404);
    expect((await joining.enrol({ ...first.enrol, invite: word })).status).toBe('active');
  });

  test('lets in one of many that use it at the same time', async () => {
    const { invite: word } = await joining.invite();
    const comers = Array.from({ length: 6 }, () => makeComer());
    const statuses = await Promise.all(
      comers.map(async ({ enrol: body }) => {
        return (await joining.stranger.post('/v1/enrolments', { ...body, invite: word })).status;
      }),
    );
    expect(statuses.toSorted()).toEqual([200, 403, 403, 403, 403, 403]);
  });

  test('that is for one operator is good for no thief', async () => {
    const ann = freshSigner();
    const operatorKey = toBase64(ann.publicKey);
    const { invite: word } = await joining.invite({ operatorKey });
    const thief = makeComer();
    expect(
      await joining.stranger.refused('POST', '/v1/enrolments', { ...thief.enrol, invite: word }),
    ).toMatchObject({ code: 'invite-unusable' });
    expect((await joining.enrol({ ...makeComer({}, ann).enrol, invite: word })).status).toBe(
      'active',
    );
  });

  test('that is over, or was guessed, lets nobody in; and its secret is nowhere', async () => {
    const { invite: word, id } = await joining.invite();
    const { dataSource } = quorum();
    const stored = JSON.stringify(await dataSource.query('SELECT * FROM "builder_invite"'));
    expect(stored).toContain(id);
    expect(stored).not.toContain(word.slice(21));
    await dataSource.query(`UPDATE "builder_invite" SET "expires_at" = now() WHERE "id" = $1`, [
      id,
    ]);
    const guessed = `rqi_${id}_${'A'.repeat(43)}`;
    for (const used of [word, guessed]) {
      expect(
        await joining.stranger.refused('POST', '/v1/enrolments', {
          ...makeComer().enrol,
          invite: used,
        }),
      ).toMatchObject({ code: 'invite-unusable' });
    }
  });
});

describe('invites', () => {
  test('are listed with how they stand and without their secrets, all of them, once', async () => {
    const open = await joining.invite({ label: 'for bob' });
    const expired = await joining.invite();
    await expire(expired.id);
    const used = await joining.invite();
    const comer = makeComer();
    await joining.enrol({ ...comer.enrol, invite: used.invite });
    const taken = await joining.invite();
    await withdrawn(taken.id);

    const all = await listed();
    const ids = all.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    const found = (id: string): unknown => all.find((invite) => invite.id === id);
    const none = { usedBy: null, operatorKey: null };
    expect(found(open.id)).toEqual({
      ...{ id: open.id, status: 'open', label: 'for bob', expiresAt: open.expiresAt, ...none },
    });
    expect(found(expired.id)).toMatchObject({ status: 'expired', ...none });
    expect(found(used.id)).toMatchObject({ status: 'used', usedBy: comer.id });
    expect(found(taken.id)).toMatchObject({ status: 'withdrawn', ...none });
    expect(JSON.stringify(all)).not.toContain(open.invite.slice(21));
    for (const status of ['open', 'used', 'withdrawn', 'expired'] as const) {
      expect(await listed(status)).toEqual(all.filter((invite) => invite.status === status));
    }
  });

  test('are shown to nobody without the right to it, and withdrawn by nobody', async () => {
    const { id } = await joining.invite();
    expect(await joining.stranger.refused('GET', '/v1/invites')).toMatchObject({ status: 401 });
    expect(await joining.stranger.refused('DELETE', `/v1/invites/${id}`)).toMatchObject({
      status: 401,
    });
    expect(await listed('open')).toContainEqual(expect.objectContaining({ id }));
  });
});

describe('an invite that is withdrawn', () => {
  test('lets nobody in, on no coordinator; the act is logged, once', async () => {
    const { id, invite } = await joining.invite();
    expect(await withdrawn(id)).toMatchObject({ id, status: 'withdrawn' });
    const before = await joining.logged();
    expect(await withdrawn(id)).toMatchObject({ id, status: 'withdrawn' });
    expect(await joining.logged()).toBe(before);
    expect(await joining.acts(`invite/${id}`)).toMatchObject([
      { act: 'invite-make' },
      { act: 'invite-withdraw', actor: { kind: 'token' }, detail: {} },
    ]);
    const more = await quorum().start();
    for (const { url } of [joining.stranger, more]) {
      const comer = { ...makeComer().enrol, invite };
      const stranger = new CoordinatorClient(url, null);
      expect(await stranger.refused('POST', '/v1/enrolments', comer)).toMatchObject({
        ...{ status: 403, code: 'invite-unusable' },
      });
    }
    await quorum().stop(more);
  });

  test('while somebody comes in by it, either lets in nobody or was used', async () => {
    for (let turn = 0; turn < 6; turn += 1) {
      const { id, invite } = await joining.invite();
      const comer = makeComer();
      const [entered, taken] = await Promise.all([
        joining.stranger.post('/v1/enrolments', { ...comer.enrol, invite }),
        quorum().api.delete(`/v1/invites/${id}`),
      ]);
      const outcome = [entered.status, taken.status];
      expect([
        [200, 409],
        [403, 200],
      ]).toContainEqual(outcome);
      const [view] = (await listed()).filter((one) => one.id === id);
      expect(view?.status).toBe(entered.status === 200 ? 'used' : 'withdrawn');
    }
  });

  test('is no more than that: who came in before stays in, and what ran out has run out', async () => {
    const { id, invite } = await joining.invite();
    const comer = makeComer();
    await joining.enrol({ ...comer.enrol, invite });
    const refused = await quorum().api.refused('DELETE', `/v1/invites/${id}`);
    expect(refused).toMatchObject({ status: 409, code: 'invite-used' });
    expect((await joining.view(comer.id)).status).toBe('active');

    const late = await joining.invite();
    await expire(late.id);
    expect(await withdrawn(late.id)).toMatchObject({ status: 'expired' });
    expect(await joining.acts(`invite/${late.id}`)).toMatchObject([{ act: 'invite-make' }]);
  });

  test('has to be there', async () => {
    const path = `/v1/invites/${'0'.repeat(16)}`;
    expect(await quorum().api.refused('DELETE', path)).toMatchObject({
      ...{ status: 404, code: 'no-such-invite' },
    });
    expect(await quorum().api.refused('DELETE', '/v1/invites/x')).toMatchObject({ status: 400 });
  });
});
