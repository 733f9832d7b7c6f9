import { renderToString } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { DISCORD_CHARACTERS, postMarkdown, postPlain } from '#libs/contracts';
import { explained } from '../../../../../../libs/contracts/src/report/explanation.fixture.js';
import {
  nothingToBuild,
  seedSplit,
} from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { PostPanel } from './post-panel.js';

const origin = 'https://quorum.example';

/** What stands in the text areas of a page, as a reader would copy it. */
function textsOf(html: string): readonly string[] {
  return [...html.matchAll(/<textarea[^>]*>([^<]*)<\/textarea>/g)].map(([, text = '']) =>
    text
      .replaceAll('&#x27;', "'")
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&'),
  );
}

describe('the panel with posts', () => {
  test('has both posts to be copied without scripts, and those of members by address', () => {
    const report = explained();
    const html = renderToString(<PostPanel report={report} origin={origin} />);
    expect(textsOf(html)).toEqual([
      postMarkdown(report, { origin }),
      postPlain(report, { origin, limit: DISCORD_CHARACTERS }),
    ]);
    expect(html).toContain(`/v1/rounds/${report.round?.round ?? ''}/post.md?member=alice`);
    expect(html).not.toContain('<select');
  });

  test('keeps a hostile name in its place', () => {
    const report = seedSplit();
    const name = '"><script>alert(1)</script>&member=bob';
    const [first, ...others] = report.builders;
    const builders = first === undefined ? [] : [{ ...first, operator: name }, ...others];
    const html = renderToString(<PostPanel report={{ ...report, builders }} origin={origin} />);
    expect(html).not.toContain('<script');
    expect(html).toContain(
      `post.md?${new URLSearchParams({ member: name }).toString().replaceAll('&', '&amp;')}`,
    );
  });

  test('is not there where there is no round', () => {
    expect(renderToString(<PostPanel report={nothingToBuild()} origin={origin} />)).toBe('');
  });
});
