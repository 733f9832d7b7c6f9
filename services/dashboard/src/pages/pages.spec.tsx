import { describe, expect, test } from 'vitest';
import { render, type RenderedPage } from '../entry-server.js';
import type { ApiAnswer } from '../page-data.js';
import { routeOf } from '../route.js';

const SHA = 'cd'.repeat(32);
const EVIL = '</script><img src=x onerror=alert(1)>\u202egpj.exe\u001b[31m';

/** Without the marks between text nodes. */
const drawn = (page: RenderedPage): RenderedPage => ({
  ...page,
  html: page.html.replaceAll('<!-- -->', ''),
});
const page = (url: string, answers: Readonly<Record<string, ApiAnswer>>) =>
  drawn(
    render({ url, answers, origin: 'https://quorum.example', now: '2026-01-02T03:04:00.000Z' }),
  );
const ok = (body: unknown): ApiAnswer => ({ status: 200, body });
const missing = (detail = 'it is not here'): ApiAnswer => ({ status: 404, body: { detail } });

function proposal(over: object): object {
  const newest = {
    ...{ round: SHA, phase: 'final', openedAt: '2026-01-01T00:00:00Z', headline: 'It split.' },
    ...{ outcome: 'not-reproduced', artifacts: [] },
  };
  return {
    ...{ proposal: '1', title: EVIL, kind: 'elects', commit: null, deadlineAt: null },
    ...{ archivedAt: '2026-01-01T00:00:00Z', rounds: 1, newest, ...over },
  };
}

describe('the list of proposals', () => {
  const rounds = ok({ rounds: [], next: null });
  const list = (...proposals: object[]) =>
    page('/', { proposals: ok({ proposals, next: null }), rounds }).html;

  test('shows what a stranger wrote as text', () => {
    const html = list(proposal({}));
    expect(html).toContain('&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; gpj.exe [31m');
    expect(html).not.toContain('<img');
  });

  test('has what differs open, what is well folded, and failed machines apart from both', () => {
    const newest = { ...(proposal({}) as { newest: object }).newest, headline: 'x' };
    const html = list(
      proposal({ proposal: '1' }),
      proposal({ proposal: '2', newest: { ...newest, outcome: 'satisfied' } }),
      proposal({ proposal: '3', newest: { ...newest, outcome: 'undecided' } }),
    );
    const groups = [
      ...html.matchAll(/<details(?: open="")? class="group"(?: open="")?>.*?<h2>([^(]*)/g),
    ];
    expect(groups.map(([tag, name]) => [name?.trim(), tag.includes('open=""')])).toEqual([
      ['Not reproduced', true],
      ['Undecided', true],
      ['Reproduced', false],
    ]);
  });

  test('says of rounds which lie in an archive', () => {
    const round = (over: object): object => ({
      ...{ round: SHA, phase: 'final', release: 'ic/1', proposal: null, headline: 'It split.' },
      ...{ openedAt: '2026-01-01T00:00:00Z', outcome: 'not-reproduced', artifacts: [], ...over },
    });
    const marks = [{}, { archived: true }].map((over) => {
      const rounds = ok({ rounds: [round(over)], next: null });
      return page('/', { proposals: ok({ proposals: [], next: null }), rounds }).html;
    });
    const { newest } = proposal({}) as { newest: object };
    marks.push(list(proposal({})), list(proposal({ newest: { ...newest, archived: true } })));
    expect(marks.map((html) => html.includes('<span>archived</span>'))).toEqual([
      ...[false, true],
      ...[false, true],
    ]);
  });

  test('puts what is still open first, with the time that is left', () => {
    const html = list(
      proposal({ proposal: '1' }),
      proposal({ proposal: '2', newest: null, deadlineAt: '2026-01-02T05:04:00Z' }),
    );
    expect(html.indexOf('Proposal 2')).toBeLessThan(html.indexOf('Proposal 1<'));
    expect(html).toContain('<strong>2 h 0 min</strong>');
  });
});

test('a round of a builder that gave no verdict is over, and not decided', () => {
  const round = {
    ...{ round: SHA, phase: 'final', release: 'ic/1', proposal: null, operator: 'acme' },
    ...{ openedAt: '2026-01-01T00:00:00Z', standing: null, outcome: null },
    ...{ commitIndex: 1, resultIndex: 2 },
  };
  const { html } = page('/builders/aaa', {
    ...{ builder: missing(), keys: missing(), agreement: missing() },
    history: ok({ rounds: [round], next: null }),
  });
  expect(html).toContain('over, no verdict');
});

describe('a page', () => {
  test('whose thing is not there has its status, and says why in words', () => {
    const { status, html } = page(`/attestations/${SHA}`, { attestation: missing() });
    expect(status).toBe(404);
    expect(html).toContain('it is not here');
  });

  test('of which nothing at all is there is not there', () => {
    const needs = Object.keys(routeOf('/builders/aaa').needs);
    const { status } = page(
      '/builders/aaa',
      Object.fromEntries(needs.map((name) => [name, missing()])),
    );
    expect(status).toBe(404);
  });

  test('of a round that lies elsewhere says so, and where', () => {
    const body = { detail: 'it lies in the archive /srv/archive' };
    const gone = { report: { status: 410, body } };
    const { status, html } = page(`/rounds/${SHA}`, gone);
    expect(status).toBe(410);
    expect(html).toContain('<h1>This lies in an archive</h1>');
    expect(html).toContain('/srv/archive');
  });

  test('that no address has is told in words', () => {
    expect(page('/xyz', {})).toMatchObject({ status: 404, title: 'No such page · Repro Quorum' });
  });

  test('has one first heading, and a way past the navigation', () => {
    const { html } = page('/xyz', {});
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).toContain('href="#content"');
  });
});

test('an attestation is shown with every character that is not seen as an escape', () => {
  const payload = Buffer.from(JSON.stringify({ predicateType: 'x', evil: EVIL })).toString(
    'base64',
  );
  const attestation = {
    ...{ envelope: { payload, payloadType: 't', signatures: [] } },
    ...{ index: 7, kind: 'result', builder: 'aaa', proof: null },
  };
  const { html } = page(`/attestations/${SHA}`, { attestation: ok(attestation) });
  expect(html).toContain('\\u202e');
  expect(html).toContain('\\u001b');
  expect(html).not.toContain('<img');
  expect(html).not.toContain('\u202e');
});

test('the log tells who signed its checkpoint, and when', () => {
  const cosigned = Buffer.alloc(76);
  cosigned.writeBigUInt64BE(1_767_225_600n, 4);
  const note = `example.org/log\n12\nAAAA\n\n— example.org/log AAAAAAA=\n— wit/1 ${cosigned.toString('base64')}\n`;
  const { html } = page('/log', {
    ...{ checkpoint: ok(note), key: ok('example.org/log+0+A'), entries: missing() },
  });
  expect(html).toContain('12');
  expect(html).toContain('wit/1');
  expect(html).toContain('2026-01-01 00:00 UTC');
});
