import { beforeAll, describe, expect, test } from 'vitest';
import {
  builderIdOf,
  commitmentOf,
  openEnvelope,
  parseEnvelope,
  parseStatement,
  readAdminAct,
  readBuildCancel,
  readCommit,
  readDecline,
  readKeyEnrolment,
  readKeyRevocation,
  readKeyRotation,
  readLogSuccession,
  readResult,
  readReveal,
  readRoundAmend,
  readRoundClose,
  readRoundOpen,
  readVerdict,
  readVerdictRefusal,
  signatureOf,
  type Statement,
} from '#libs/attestation';
import { Heartbeat, Progress } from '#libs/contracts';
import { canonicalJson, fromBase64 } from '#libs/encoding';
import { openPredecessor } from '#libs/evidence';
import { ed25519Verifier, logEntry, openCheckpoint, parseVkey, verifyProofFile } from '#libs/tlog';
import { namedBlocks, rows } from './pages.js';

const PAGE = 'docs/protocol.md';
let blocks: ReadonlyMap<string, string>;
beforeAll(() => {
  blocks = namedBlocks(PAGE);
});

function block(name: string): string {
  const text = blocks.get(name);
  if (text === undefined) throw new Error(`${PAGE} has no block ${name}`);
  return text;
}

function json(name: string): unknown {
  return JSON.parse(block(name));
}

function statement(name: string): Statement {
  return parseStatement(Buffer.from(JSON.stringify(json(name))));
}

function builderKey(): Uint8Array {
  return fromBase64((json('builder') as { publicKey: string }).publicKey);
}

function leaf(): Uint8Array {
  const envelope = parseEnvelope(block('envelope'));
  const [paeSha256, signature] = [commitmentOf(envelope), signatureOf(envelope)];
  return logEntry({ paeSha256, signature, publicKey: builderKey() });
}

describe('the examples of docs/protocol.md', () => {
  test('a signed commit verifies, and holds the statement that is shown', () => {
    const payload = openEnvelope(parseEnvelope(block('envelope')), builderKey());
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(json('commit'));
    expect(readCommit(statement('commit')).builder).toBe(builderIdOf(builderKey()));
    expect(json('builder')).toMatchObject({ builder: builderIdOf(builderKey()) });
  });

  test('its leaf is the one that is shown', () => {
    expect(Buffer.from(leaf()).toString()).toBe(canonicalJson(json('leaf')));
    expect(leaf()).toHaveLength(406);
  });

  test('its receipt proves that leaf in the log of the key that is shown', () => {
    const { name, publicKey } = parseVkey(block('vkey').trim());
    const verifiers = [ed25519Verifier(name, publicKey)];
    const proven = verifyProofFile({
      text: block('proof'),
      entry: leaf(),
      verifiers,
      origin: name,
    });
    expect(proven).toMatchObject({ index: 1n, size: 13n });
  });

  test('are statements that are read as what they are shown as', () => {
    const open = readRoundOpen(statement('round-open'));
    const close = readRoundClose(statement('round-close'));
    const built = readResult(statement('result'));
    const failed = readResult(statement('failure'));
    const verdict = readVerdict(statement('verdict'));
    expect(open.blind).toBe(true);
    expect(readRoundAmend(statement('round-amend')).round).toBe(close.round);
    expect(readDecline(statement('decline')).round).toBe(close.round);
    expect(readBuildCancel(statement('build-cancel')).round).toBe(close.round);
    expect(readVerdictRefusal(statement('verdict-refusal')).round).toBe(close.round);
    expect([built.kind, failed.kind]).toEqual(['built', 'failed']);
    const { round } = readCommit(statement('commit'));
    expect([close.round, built.round, verdict.round]).toEqual([round, round, round]);
  });

  test('a reveal opens the commit that is shown, on a checkpoint of the log that is shown', () => {
    const { checkpoint, ...reveal } = readReveal(statement('reveal'));
    const { round, builder, commitment } = readCommit(statement('commit'));
    expect(reveal).toMatchObject({ round, builder, commitment });
    const { name, publicKey } = parseVkey(block('vkey').trim());
    const opened = openCheckpoint(checkpoint, [ed25519Verifier(name, publicKey)], name);
    expect(opened.checkpoint.size).toBeGreaterThan(BigInt(reveal.closeIndex));
  });

  test('are key records of one builder, that follow one another', () => {
    const enrolment = readKeyEnrolment(statement('key-enrolment'));
    const rotation = readKeyRotation(statement('key-rotation'));
    const revocation = readKeyRevocation(statement('key-revocation'));
    const { builder, operator, keys } = enrolment;
    expect(rotation).toMatchObject({ builder, operator, oldKey: keys.attestation });
    expect(revocation).toMatchObject({ builder, operator, key: keys.attestation });
  });

  test('a succession names a log whose key signed the checkpoint', () => {
    const succession = readLogSuccession(statement('log-succession'));
    expect(succession.predecessor.vkey).toBe(block('vkey').trim());
    expect(openPredecessor(succession).checkpoint.origin).toBe(succession.predecessor.origin);
  });

  test('an administrative act is one, about what it names', () => {
    expect(readAdminAct(statement('admin-act')).subject).toMatch(/^token\//);
  });

  test('show every predicate type of the table', () => {
    const shown = [
      ...[
        'round-open',
        'round-amend',
        'decline',
        'commit',
        'round-close',
        'result',
        'failure',
        'reveal',
      ],
      ...['verdict', 'verdict-refusal', 'key-enrolment', 'key-rotation', 'key-revocation'],
      'log-succession',
      'admin-act',
      'build-cancel',
    ];
    const told = rows(PAGE).flatMap(([, type = '']) =>
      /^https:\/\/\S+\/v/.test(type) ? type : [],
    );
    expect(shown.map((name) => statement(name).predicateType)).toEqual(told);
  });

  test('progress and heartbeat are messages', () => {
    expect(Progress.parse(json('progress')).stage).toBe('build');
    expect(Heartbeat.parse(json('heartbeat')).mood).toBe('ready');
  });
});
