import { fromHex, sha256, toBase64 } from '#libs/encoding';
import { answersSentence } from '../report/answers.js';
import { choiceSentences } from '../report/choice-words.js';
import type { Report } from '../report/report.js';
import { titleOf, trialOf } from '../report/wording.js';
import { givesVerdict } from '#libs/attestation';
import { element, preformatted, type Child, type Html } from './html.js';
import { artifactHtml, builderTableHtml, verdictTableHtml } from './html-tables.js';
import { explanationHtml, failureHtml } from './html-explanation.js';
import { permalinksOf, type Permalinks } from './permalinks.js';
import { verifyWords } from './verify-words.js';

const SHOWN_ROWS = 1000;
const STYLE = [
  ':root{color-scheme:light dark}',
  'body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}',
  'code,pre{font-family:ui-monospace,monospace;overflow-wrap:anywhere}',
  'pre{overflow:auto;border:1px solid;padding:.5rem}',
  'table{border-collapse:collapse;overflow-wrap:normal}div{overflow-x:auto}',
  'th,td{border:1px solid;padding:.25rem .5rem;text-align:left;vertical-align:top}',
  '@media print{body{max-width:none}a{color:inherit}}',
].join('\n');

/**
 * Writes a report as one file for a browser: the same facts as the other forms, no script, nothing
 * that is fetched, and a policy in its head that lets nothing in. `origin` makes permalinks.
 * Deterministic: equal reports give equal bytes.
 */
export function reportHtml(report: Report, { origin }: { readonly origin: string }): string {
  const page = element('html', { lang: 'en' }, head(report), body(report, permalinksOf(origin)));
  return `<!doctype html>\n${page.html}\n`;
}

function head({ proposal, release }: Report): Html {
  const subject = proposal === null ? (release?.name ?? 'a release') : `proposal ${proposal.id}`;
  const hash = toBase64(fromHex(sha256(STYLE)));
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    element('meta', { name: 'viewport', content: 'width=device-width' }),
    element('title', {}, `Report on ${subject}`),
    element('style', {}, { html: STYLE }),
  );
}

function body(report: Report, links: Permalinks): Html {
  const { artifacts, round, builders, explanations = [], failureGroups = [] } = report;
  const asked = round?.eligible ?? 0;
  return element(
    'body',
    {},
    element('h1', {}, report.headline),
    ...subjectParts(report, links),
    ...(artifacts.length === 0 ? [] : [verdictTableHtml(artifacts)]),
    ...artifacts.flatMap((artifact) => artifactHtml(artifact, asked)),
    ...explanations.flatMap(explanationHtml),
    ...failureHtml(failureGroups),
    ...(builders.length === 0 ? [] : [heading('Builders'), builderTableHtml(builders, links)]),
    ...publishedParts(report),
    ...otherRoundParts(report, links),
    ...verifyParts(report, links),
    ...roundParts(report),
  );
}

function heading(text: string): Html {
  return element('h2', {}, text);
}

function paragraph(...children: readonly Child[]): Html {
  return element('p', {}, ...children);
}

function subjectParts({ proposal, release, deployment, round }: Report, links: Permalinks): Html[] {
  const url = proposal === null ? null : links.proposal(proposal.id);
  return [
    ...(proposal === null
      ? []
      : [
          paragraph(
            url === null
              ? `Proposal ${proposal.id}`
              : element('a', { href: url }, `Proposal ${proposal.id}`),
            ': ',
            proposal.title,
          ),
          ...(proposal.deadlineAt === null
            ? []
            : [paragraph(`The vote's deadline: ${proposal.deadlineAt}`)]),
        ]),
    ...(release === null ? [] : [paragraph('Release ', element('code', {}, release.name))]),
    ...(deployment === null ? [] : [paragraph('Deploys ', element('code', {}, deployment.commit))]),
    ...(round === null
      ? []
      : [paragraph('Round ', element('a', { href: links.round(round.round) }, round.round))]),
  ];
}

function publishedParts({ published }: Report): Html[] {
  const disputed = published.filter(({ readings }) => readings.length > 1);
  if (disputed.length === 0) return [];
  const items = disputed.flatMap(({ url, readings }) =>
    readings.map(({ sha256: digest, error, builders }) =>
      element(
        'li',
        {},
        element('code', {}, url),
        `: ${digest ?? error ?? 'no answer'} (builders: ${builders.length})`,
      ),
    ),
  );
  return [
    heading('Published differently to different builders'),
    element('ul', {}, ...items.slice(0, SHOWN_ROWS)),
  ];
}

function otherRoundParts({ otherRounds }: Report, links: Permalinks): Html[] {
  if (otherRounds.length === 0) return [];
  const items = otherRounds
    .slice(0, SHOWN_ROWS)
    .map(({ round, phase, openedAt, verdicts, ...purpose }) => {
      const said = verdicts.map(({ name, verdict }) => `${titleOf(name)} ${verdict}`).join(', ');
      const nothing = givesVerdict(purpose) ? 'no verdict yet' : `${trialOf(purpose)}, no verdict`;
      return element(
        'li',
        {},
        element('a', { href: links.round(round) }, round.slice(0, 12)),
        ` ${openedAt} ${phase}: ${said === '' ? nothing : said}`,
      );
    });
  return [heading('Other rounds on this commit'), element('ul', {}, ...items)];
}

function verifyParts(report: Report, links: Permalinks): Html[] {
  const words = verifyWords(report, links);
  if (words === null) return [];
  const { sentence, commands } = words;
  return [
    heading('How to verify'),
    paragraph(sentence),
    ...(commands.length === 0 ? [] : [preformatted(commands.join('\n'), 5)]),
  ];
}

function roundParts({ round, log, answers, builders }: Report): Html[] {
  if (round === null) return [];
  const rule = givesVerdict(round)
    ? `${round.needed} of ${round.eligible} operators have to agree`
    : `${trialOf(round)} without a verdict`;
  return [
    heading('The round'),
    paragraph(
      `Opened ${round.openedAt}, closed ${round.closedAt ?? 'not yet'}, ${round.phase}: ${rule}.`,
    ),
    ...(round.choice === undefined ? [] : [paragraph(`${choiceSentences(round.choice)}.`)]),
    ...(answers === undefined ? [] : [paragraph(answersSentence(answers, builders.length))]),
    ...(log === null ? [] : [preformatted(log.checkpoint, 100)]),
  ];
}
