import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toBase64 } from '#libs/encoding';
import {
  addSignatures,
  cosign,
  ed25519Signer,
  ed25519Verifier,
  formatCheckpoint,
  formatCosignerVkey,
  formatVkey,
  hashLeaf,
  judgeCosignatures,
  openCheckpoint,
  parseCosignerVkey,
  parsePolicy,
  requiredWitnesses,
  signNote,
} from './index.js';
import type { QuorumJudgement } from './index.js';

interface Party {
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

function party(): Party {
  const pair = generateKeyPairSync('ed25519');
  const jwk = pair.publicKey.export({ format: 'jwk' });
  return {
    publicKey: new Uint8Array(Buffer.from(jwk.x!, 'base64url')),
    sign: (message) => sign(null, message, pair.privateKey),
  };
}

const origin = 'log.example/ic';
const [log, stranger] = [party(), party()];
const names = ['x1', 'x2', 'x3', 'y1', 'y2', 'y3'];
const parties = new Map(names.map((name) => [name, party()]));
const key = (name: string): string =>
  formatCosignerVkey(`${name}.example`, parties.get(name)!.publicKey);
const witnessLines = names.map((name) => `witness ${name} ${key(name)}\n`).join('');
const logLine = `log ${formatVkey(origin, log.publicKey)}\n`;
const example = `${logLine}${witnessLines}group X 2 x1 x2 x3\ngroup Y any y1 y2 y3\ngroup both all X Y\nquorum both\n`;

const text = formatCheckpoint({ origin, size: 1n, root: hashLeaf(Buffer.from('leaf 0')) });
const note = signNote(text, [ed25519Signer(origin, log.publicKey, log.sign)]);
const lineOf = (name: string, timeS = 7): string =>
  cosign(text, { ...parties.get(name)!, name: `${name}.example`, timeS });
const wrongLineOf = (name: string): string => {
  const { name: signer, keyId } = parseCosignerVkey(key(name));
  return `— ${signer} ${toBase64(Uint8Array.of(...fromHex(keyId), ...new Uint8Array(72)))}\n`;
};
const refused = (code: string): unknown => expect.objectContaining({ name: 'TlogError', code });

function judge(policy: string, lines: readonly string[]): QuorumJudgement {
  const logs = [ed25519Verifier(origin, log.publicKey)];
  return judgeCosignatures(
    parsePolicy(policy),
    openCheckpoint(addSignatures(note, lines), logs, origin),
  );
}

const isEnough = (policy: string, by: readonly string[]): boolean =>
  judge(
    policy,
    by.map((name) => lineOf(name)),
  ).isSufficient;

describe('a quorum', () => {
  test.each([
    [['x1', 'x2', 'y3'], true],
    [['x1', 'x2', 'x3', 'y1', 'y2', 'y3'], true],
    [['x1', 'x2', 'x3'], false],
    [['x1', 'y1', 'y2', 'y3'], false],
    [[], false],
  ])('of two groups, cosigned by %j: %s', (by, enough) => {
    expect(isEnough(example, by)).toBe(enough);
  });

  test('that is a witness needs that one, and none needs nobody', () => {
    expect(isEnough(`${witnessLines}quorum x1\n`, ['x1'])).toBe(true);
    expect(isEnough(`${witnessLines}quorum x1\n`, ['x2', 'x3', 'y1', 'y2', 'y3'])).toBe(false);
    expect(isEnough(`${logLine}quorum none\n`, [])).toBe(true);
  });

  test('keeps names apart that only look alike', () => {
    const policy = `witness K ${key('x1')}\nwitness \u212a ${key('x2')}\nquorum \u212a\n`;
    expect(isEnough(policy, ['x1'])).toBe(false);
    expect(isEnough(policy, ['x2'])).toBe(true);
  });

  test('names who vouched, with its latest time, and who did not', () => {
    const { keyId } = parseCosignerVkey(key('x2'));
    expect(judge(example, [lineOf('x2', 5), lineOf('x2', 9), lineOf('x2', 6)])).toEqual({
      isSufficient: false,
      isLogAccepted: true,
      cosigners: [{ witness: 'x2', name: 'x2.example', keyId, timeS: 9 }],
      missing: ['x1', 'x3', 'y1', 'y2', 'y3'],
    });
  });

  test('counts a witness once, however many lines it has', () => {
    const lines = [1, 2, 3, 4].map((timeS) => lineOf('x1', timeS));
    expect(judge(example, [...lines, lineOf('y1')]).isSufficient).toBe(false);
  });

  test('counts no witness that signs under other names', () => {
    const { publicKey, sign: signIt } = parties.get('x1')!;
    const posing = cosign(text, { name: 'x2.example', publicKey, sign: signIt, timeS: 1 });
    expect(judge(example, [lineOf('x1'), posing, lineOf('y1')])).toMatchObject({
      isSufficient: false,
      missing: ['x2', 'x3', 'y2', 'y3'],
    });
  });

  test('counts no stranger, no wrong line and no cosignature of another checkpoint', () => {
    const other = text.replace('\n1\n', '\n2\n');
    const elsewhere = cosign(other, { ...parties.get('x2')!, name: 'x2.example', timeS: 1 });
    const wrong = wrongLineOf('x2');
    const unknown = cosign(text, { ...stranger, name: 'x3.example', timeS: 1 });
    const judged = judge(example, [lineOf('x1'), elsewhere, unknown, wrong, lineOf('y1')]);
    expect(judged.cosigners.map(({ witness }) => witness)).toEqual(['x1', 'y1']);
    expect(judged.isSufficient).toBe(false);
  });

  test('takes no checkpoint of a log that is not listed, or of a listed log for another', () => {
    const lines = names.map((name) => lineOf(name));
    const elsewhere = example.replace(logLine, `log ${formatVkey(origin, stranger.publicKey)}\n`);
    expect(judge(elsewhere, lines)).toMatchObject({ isSufficient: false, isLogAccepted: false });
    const another = example.replace(logLine, `log ${formatVkey('b.example', log.publicKey)}\n`);
    expect(judge(another, lines)).toMatchObject({ isSufficient: false, isLogAccepted: false });
    expect(judge(example.replace(logLine, ''), lines).isSufficient).toBe(true);
  });

  test('believes no word of its caller about what was verified', () => {
    const { name, keyId } = parseCosignerVkey(key('x1'));
    const forged = { name, keyId, signature: new Uint8Array(72) };
    const policy = parsePolicy(`${witnessLines}quorum x1\n`);
    expect(judgeCosignatures(policy, { text, verified: [forged], unknown: [] })).toMatchObject({
      isSufficient: false,
      cosigners: [],
    });
  });

  test('is never reached by a line less, nor lost by a line more', () => {
    const pool = [...names.map((who) => lineOf(who)), wrongLineOf('x3'), lineOf('x1', 99)];
    fc.assert(
      fc.property(fc.shuffledSubarray(pool), fc.nat(), (lines, at) => {
        const fewer = lines.filter((_, i) => i !== at % lines.length);
        if (judge(example, fewer).isSufficient) {
          expect(judge(example, lines).isSufficient).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('how many witnesses are required', () => {
  test('of one to ten', () => {
    const counts = Array.from({ length: 10 }, (_, i) => requiredWitnesses(i + 1));
    expect(counts).toEqual([1, 2, 3, 3, 4, 5, 5, 6, 7, 7]);
  });

  test.each([0, -1, 1.5, Number.NaN, Infinity])('of %d is no question', (n) => {
    expect(() => requiredWitnesses(n)).toThrow(refused('OUT_OF_RANGE'));
  });
});
