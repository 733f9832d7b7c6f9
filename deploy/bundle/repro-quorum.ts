#!/usr/bin/env node
import { openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sha256, type Sha256 } from '#libs/encoding';
import { keepYoungSpaceSmall } from '../../services/cli/src/young-space.js';

keepYoungSpaceSmall();

/** First argument that makes the one file run the builder agent: the command line starts it so. */
const AGENT = '@builder-agent';
/** The same for what gives out an agent's receipts. */
const RECEIPTS = '@builder-receipts';

const file = fileURLToPath(import.meta.url);
// Opened now and read when it is asked for: builds take hours, and a newer file may take its place.
const opened = openSync(file, 'r');
let digest: Sha256 | undefined;
const ownDigest = (): Sha256 => (digest ??= sha256(readFileSync(opened)));

// The only place that knows both programs: in the one file, each can be the other's.
if (process.argv[2] === AGENT) {
  const { setToolDigest } = await import('../../services/builder-agent/src/tool-digest.js');
  setToolDigest(ownDigest);
  await import('../../services/builder-agent/src/main.js');
} else if (process.argv[2] === RECEIPTS) {
  await import('../../services/builder-agent/src/receipts.main.js');
} else {
  const { setToolDigest } = await import('../../services/cli/src/tool-digest.js');
  setToolDigest(ownDigest);
  const { setPrograms } = await import('../../services/cli/src/run-service.js');
  // What stands beside the coordinator needs its packages, which are no part of the file.
  setPrograms({
    'access tokens': null,
    'builder-agent': [file, AGENT],
    coordinator: null,
    'check of a log': null,
    'archive of rounds': null,
    'copy of a log': null,
    'receipts of a builder': [file, RECEIPTS],
    'restore of a log': null,
    'succession of a log': null,
  });
  await import('../../services/cli/src/start.js');
}
