import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExplanationReport } from '#libs/contracts';
import { ExplanationEntity, ProposalEntity } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  eventually,
  Joining,
  makeComer,
  makeFailure,
  makeOperator,
  makeResult,
  signCommit,
  signEnrolment,
  signResult,
  SPEC_ORIGIN,
  useQuorum,
} from '#libs/testing';
import { explained } from '../../libs/contracts/src/report/explanation.fixture.js';
import { Config } from '../../services/coordinator/src/config.js';
import { startCoordinator } from '../../services/coordinator/src/coordinator.js';
import { loadPages } from '../../services/coordinator/src/pages/built-pages.js';
import { NO_BROWSER, openBrowser, type PageBrowser } from './browser.js';
import { expectNoOverflow } from './expectations.js';

const EVIL =
  '</script><img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>\u202egnp.exe\u001b[31m\u0007';
/** What a name may hold of it. */
const NAME = EVIL.slice(0, EVIL.indexOf('\u202e'));
const MEGABYTE = `${EVIL}${'x'.repeat(1 << 20)}`;
/** What a page shows that obeyed any of it. */
const OWNED = `document.title === 'owned' || document.querySelector('img, #root script') !== null`;
const SHOWN = 'document.body.innerText';

const isReady = NO_BROWSER === null && (await loadPages()) !== null;
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1, doom: 1 },
  environment: { LOG_ORIGIN: SPEC_ORIGIN },
});
let browser: PageBrowser;
let round = '';
let joined = '';

/** Has strangers say what they may: facts, failures, names; all of it takes the usual way. */
async function play(): Promise<void> {
  const { api, builders } = quorum();
  round = await api.open({ commit: '0e'.repeat(20), deadlineSeconds: 600 });
  const environment = {
    source: 'declared' as const,
    facts: { [NAME]: EVIL, arch: EVIL },
    withheld: [NAME],
  };
  const sealed = await Promise.all(
    builders.map(async (builder, at) => {
      const { open } = await builder.invitation(round);
      const answered = { round, release: open.release, builder: builder.id };
      const result =
        at === 3
          ? makeFailure(answered, { message: EVIL, environment })
          : makeResult(answered, at === 0 ? 'good' : 'other', { environment });
      const envelope = signResult(result, builder.signer);
      await builder.commit(signCommit(round, envelope, builder.signer));
      return { builder, envelope };
    }),
  );
  await builders[0]?.close(round);
  for (const { builder, envelope } of sealed) await builder.reveal(envelope);
  await api.reportIn('final', round);
}

/** Enrols a builder of an operator who calls itself something. */
async function join(): Promise<void> {
  const comer = makeComer();
  const enrolment = signEnrolment(comer.operator, comer.set, {
    operator: makeOperator(comer.operator, NAME),
  });
  await new Joining(quorum).enrol({ ...comer.enrol, enrolment });
  joined = comer.id;
}

/** Puts in what comes from elsewhere: a proposal's title, and what was found in bytes. */
async function seed(): Promise<void> {
  const { manager } = quorum().dataSource;
  await manager.insert(ProposalEntity, {
    ...{ id: '138000', title: MEGABYTE, url: EVIL, nnsFunction: null, payload: null },
    ...{ decision: {}, evidence: '{}', votingEndsAt: new Date(), archivedAt: new Date() },
  });
  const body = JSON.stringify((explained().explanations ?? []).map(poisoned));
  await eventually('an explanation', async () => {
    const { affected } = await manager.update(
      ExplanationEntity,
      { round },
      { body, isComplete: true, dueAt: null, madeAt: new Date() },
    );
    return affected === 1 ? true : undefined;
  });
}

function poisoned(explanation: ExplanationReport): ExplanationReport {
  return {
    ...explanation,
    paragraph: MEGABYTE,
    findings: explanation.findings.slice(0, 1).map((finding) => ({
      ...finding,
      detail: MEGABYTE,
      diff: `--- a\n+++ b\n@@ -1 +1 @@\n-${EVIL}\n+${EVIL}\n`,
      difference: { ...finding.difference, location: [EVIL, EVIL] },
    })),
  };
}

describe.skipIf(!isReady)(`hostile texts (${NO_BROWSER ?? 'with pages as they are built'})`, () => {
  beforeAll(async () => {
    [browser] = await Promise.all([openBrowser(), play().then(seed), join()]);
  });
  afterAll(() => browser.close());

  test.for(['/', 'round', 'print', '/builders', 'builder', 'joined', '/log', 'attestation'])(
    '%s shows them as text, and nothing of them is obeyed',
    async (place) => {
      const report = await quorum().api.report(round);
      const [builder] = report.builders;
      const paths: Readonly<Record<string, string>> = {
        round: `/rounds/${round}`,
        print: `/rounds/${round}/print`,
        builder: `/builders/${builder?.builder ?? ''}`,
        joined: `/builders/${joined}`,
        attestation: `/attestations/${builder?.attestation ?? ''}`,
      };
      const { page, faults } = await browser.page(320, 'light');
      const response = await page.goto(`${quorum().api.url}${paths[place] ?? place}`);
      expect(response?.status()).toBe(200);
      expect(await page.evaluate(OWNED)).toBe(false);
      const text = await page.evaluate<string>(SHOWN);
      // Neither what turns lines round nor what terminals obey is left.
      expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u001b\u0007]/);
      expect(text.length).toBeLessThan(400_000);
      await expectNoOverflow(page);
      expect(faults).toEqual([]);
      await page.context().close();
    },
  );

  test('what is wrong with them is what is read', async () => {
    const { page } = await browser.page(1280, 'light');
    await page.goto(`${quorum().api.url}/rounds/${round}`);
    expect(await page.content()).toContain('&lt;/script&gt;&lt;img');
    await page.goto(`${quorum().api.url}/builders/${joined}`);
    expect(await page.locator('h1').innerText()).toContain('</script><img');
    await page.context().close();
  });
});
