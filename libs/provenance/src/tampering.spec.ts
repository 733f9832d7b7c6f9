import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSigstore, type Bundle } from '../../../e2e/world/sigstore/index.js';
import { QUESTION, RUN } from './question.fixture.js';
import { verifyProvenance } from './verify-provenance.js';

const publicGood = await createSigstore();
const github = await createSigstore({ instance: 'github' });
/** Each run verifies half a dozen signatures. */
const RUNS = { numRuns: 100 };
const LIMIT_MS = 60_000;
const sigstores = [
  ['public', publicGood, await publicGood.attest(RUN)],
  ['GitHub', github, await github.attest(RUN)],
] as const;

describe.for(sigstores)('a bundle of the %s Sigstore', ([, { trustedRoot }, bundle]) => {
  const ask = (bundles: unknown) => verifyProvenance({ ...QUESTION, bundles, trustedRoot }).state;
  const text = JSON.stringify(bundle);

  test('is confirmed as it is', () => {
    expect(ask(text)).toBe('confirmed');
  });

  test(
    'is not confirmed with any byte of its text altered',
    () => {
      const at = fc.nat({ max: text.length - 1 });
      const flip = fc.integer({ min: 1, max: 127 });
      fc.assert(
        fc.property(at, flip, (index, mask) => {
          const altered = String.fromCharCode(text.charCodeAt(index) ^ mask);
          expect(ask(text.slice(0, index) + altered + text.slice(index + 1))).not.toBe('confirmed');
        }),
        RUNS,
      );
    },
    LIMIT_MS,
  );

  test(
    'is not confirmed with any byte altered of what it encodes',
    () => {
      const paths = encodedPaths(bundle);
      const path = fc.constantFrom(...paths);
      fc.assert(
        fc.property(path, fc.nat(), fc.integer({ min: 1, max: 255 }), (target, place, mask) => {
          const altered = alter(text, target, (bytes) => {
            const index = place % bytes.length;
            bytes[index] = (bytes[index] ?? 0) ^ mask;
            return bytes;
          });
          expect(ask(altered)).not.toBe('confirmed');
        }),
        RUNS,
      );
    },
    LIMIT_MS,
  );

  test.for(encodedPaths(bundle))('is not confirmed with bytes after its %s', (target) => {
    const added = Buffer.from([0]);
    expect(ask(alter(text, target, (bytes) => Buffer.concat([bytes, added])))).toBe('refused');
    expect(ask(alter(text, target, (bytes) => bytes.subarray(0, -1)))).toBe('refused');
  });

  test.for(fieldPaths(bundle))('is not confirmed without its %s', (target) => {
    // Nothing is missed where the bundle says that it holds nothing.
    const isEmpty = target.endsWith('timestampVerificationData') && text.includes('Data":{}');
    const isOptional = isEmpty || target.endsWith('hashes');
    expect(ask(remove(bundle, target))).toBe(isOptional ? 'confirmed' : 'refused');
  });
});

describe('what no signature covers', () => {
  const [, , bundle] = sigstores[0];
  const { trustedRoot } = publicGood;
  const text = JSON.stringify(bundle);
  const entry = bundle.verificationMaterial.tlogEntries?.[0];
  const ask = (bundles: unknown) => verifyProvenance({ ...QUESTION, bundles, trustedRoot });

  test.for<[string, string, string]>([
    ['a proof for another root', `"rootHash":"`, `"rootHash":"AAAA`],
    ['a proof for another size', '"treeSize":"1"', '"treeSize":"2"'],
    ['a second spelling of a number', '"treeSize":"1"', '"treeSize":"01"'],
    ['a second signature', '"signatures":[', '"signatures":[{"sig":"AAAA"},'],
    ['a key id', '"signatures":[{', '"signatures":[{"keyid":"x",'],
    ['a line under the checkpoint', '\\n"}},"canonicalizedBody"', '\\nx\\n"}},"canonicalizedBody"'],
    ['base64 for URLs', '"payload":"', '"payload":"-_'],
  ])('%s is refused', ([, from, to]) => {
    const altered = text.replace(from, to);
    expect(altered).not.toBe(text);
    expect(ask(altered)).toMatchObject({ state: 'refused', code: 'malformed-bundle' });
  });

  test('an entry that is given twice counts once', () => {
    const verificationMaterial = { ...bundle.verificationMaterial, tlogEntries: [entry, entry] };
    const twice = { ...bundle, verificationMaterial };
    expect(ask(twice)).toMatchObject({ state: 'refused' });
  });

  test('an entry of another envelope is refused', async () => {
    const other = await publicGood.attest(RUN);
    const { tlogEntries } = other.verificationMaterial;
    const swapped = {
      ...bundle,
      verificationMaterial: { ...bundle.verificationMaterial, tlogEntries },
    };
    expect(ask(swapped)).toMatchObject({ state: 'refused', code: 'not-in-log' });
  });

  test('a timestamp of another signature is refused', async () => {
    const [own, other] = [await github.attest(RUN), await github.attest(RUN)];
    const { timestampVerificationData } = other.verificationMaterial;
    const verificationMaterial = { ...own.verificationMaterial, timestampVerificationData };
    const swapped = { ...own, verificationMaterial };
    const verdict = verifyProvenance({
      ...QUESTION,
      bundles: swapped,
      trustedRoot: github.trustedRoot,
    });
    expect(verdict).toMatchObject({ state: 'refused', code: 'no-trusted-time' });
  });
});

/** Where a bundle holds base64. */
function encodedPaths(bundle: Bundle): readonly string[] {
  const names = /(rawBytes|keyId|signedEntryTimestamp|rootHash|Body|signedTimestamp|payload|sig)$/;
  return fieldPaths(bundle).filter((path) => names.test(path));
}

/** All fields of a bundle, as dotted paths. */
function fieldPaths(value: unknown, parent: readonly string[] = []): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const path = [...parent, name];
    return [path.join('.'), ...fieldPaths(child, path)];
  });
}

function alter(text: string, path: string, change: (bytes: Buffer) => Buffer): unknown {
  const copy = JSON.parse(text) as Record<string, unknown>;
  const { holder, name } = locate(copy, path);
  holder[name] = change(Buffer.from(String(holder[name]), 'base64')).toString('base64');
  return copy;
}

function remove(bundle: Bundle, path: string): unknown {
  const copy = structuredClone(bundle);
  const { holder, name } = locate(copy, path);
  if (Array.isArray(holder)) holder.splice(Number(name), 1);
  else Reflect.deleteProperty(holder, name);
  return copy;
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
}

function locate(root: unknown, path: string): Place {
  const names = path.split('.');
  const name = names.pop() ?? '';
  let holder = root as Record<string, unknown>;
  for (const step of names) holder = holder[step] as Record<string, unknown>;
  return { holder, name };
}
