import type { Cause } from './cause.js';
import { dirtyMark, otherCommitMark, zerosMark } from './marks/version.js';
import { seenAt } from './seen-at.js';

/** However the bytes of the version file are taken. */
const CLASSES = ['embedded-hash', 'package-version', 'random-id', 'unknown'] as const;

/** What the version that is written into an image tells of the source that it was built from. */
export const causesOfSource: readonly Cause[] = [
  {
    id: 'shallow-source',
    title: 'the script asked for branches that the checkout did not have',
    facts: ['source.shallow'],
    trace: { classes: CLASSES, mark: zerosMark },
    symptom: 'the version is all zeros in one of the images',
    remedy: 'fetch all branches: the script of 2022 and 2023 asks which one has the commit',
    source: 'dfinity/ic gitlab-ci/container/build-ic.sh',
  },
  {
    id: 'dirty-tree',
    title: 'the checkout was not the commit alone',
    facts: ['source.clean'],
    trace: { classes: CLASSES, mark: dirtyMark },
    symptom: 'the script refuses, or builds something else; the version may end in -dirty',
    remedy: 'check the commit out anew',
    source: seenAt.buildScript,
  },
  {
    id: 'stale-download',
    title: 'an image of another release was taken for this one’s',
    facts: [],
    trace: { classes: CLASSES, mark: otherCommitMark },
    symptom:
      'one image has the version of another commit: wget and curl keep the file that is there',
    remedy: 'remove old downloads and outputs, and compare the image of this commit',
    source: seenAt.thread12305,
  },
];
