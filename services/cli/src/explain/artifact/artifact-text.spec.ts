import { expect, test } from 'vitest';
import { ArtifactOutput } from './artifact-output.js';
import { artifactText } from './artifact-text.js';

const side = (letter: string): ArtifactOutput['left'] => ({
  ...{ file: letter, sha256: letter.repeat(64), sizeBytes: 1, manifest: letter.repeat(64) },
  nodes: 2,
});

test('what follows from something else is told by what of it does', () => {
  const root = { class: 'unknown', detail: 'x', seenFacts: [] };
  const output = ArtifactOutput.parse({
    ...{ left: side('a'), right: side('b'), isSame: false, untold: 0, truncated: false },
    findings: [
      {
        ...root,
        difference: {
          ...{ location: ['', 'root.img', 'a'], kind: 'file', aspects: ['content'] },
          ...{ left: { content: '1' }, right: { content: '2' } },
        },
      },
      {
        ...root,
        difference: {
          ...{ location: ['', 'root.img'], kind: 'ext4', aspects: ['rest'] },
          ...{ left: { rest: '1' }, right: { rest: '2' } },
        },
        impliedBy: ['', 'root.img', 'a'],
      },
    ],
    diffoscope: [],
  });
  expect(artifactText(output).split('\n').at(-1)).toBe(
    '  root.img (rest): follows from root.img › a',
  );
});
