import { describe, expect, test } from 'vitest';
import { signStatement } from './dsse.js';
import { jointStatement, verifyJoint } from './joint.js';
import { ALICE, BOB, COORDINATOR, sampleSigner, VERDICT } from './sample.fixture.js';
import { verdictStatement } from './verdict-statement.js';

const statement = verdictStatement(VERDICT);
const verdict = signStatement(statement, COORDINATOR);
const members = [3, 4, 5, 6, 7].map(sampleSigner);
const keys = members.map(({ publicKey }) => publicKey);
const answers = members.map((member) => ({
  envelope: signStatement(statement, member),
  publicKey: member.publicKey,
}));
const joint = jointStatement(verdict, answers);
const codeIs = (code: string): unknown => expect.objectContaining({ code });

describe('a joint statement', () => {
  test('is the verdict’s own payload with one signature of each member, sorted by key id', () => {
    expect(joint.payload).toBe(verdict.payload);
    const ids = joint.signatures.map(({ keyid }) => keyid);
    expect(ids).toEqual(members.map(({ keyId }) => keyId).toSorted());
  });

  test('is the same whatever the order of answers', () => {
    expect(jointStatement(verdict, answers.toReversed())).toEqual(joint);
  });

  test('holds a member that answered twice once', () => {
    expect(jointStatement(verdict, [...answers, ...answers])).toEqual(joint);
  });

  test('does not take the signature of another verdict', () => {
    const other = signStatement(verdictStatement({ ...VERDICT, isPassed: false }), ALICE);
    const answer = { envelope: other, publicKey: ALICE.publicKey };
    expect(() => jointStatement(verdict, [answer])).toThrow(codeIs('WRONG_SUBJECT'));
  });

  test('does not take a signature by another key than the member’s', () => {
    const answer = { envelope: signStatement(statement, ALICE), publicKey: BOB.publicKey };
    expect(() => jointStatement(verdict, [answer])).toThrow(codeIs('BAD_SIGNATURE'));
  });

  test('is none before anybody has signed', () => {
    expect(() => jointStatement(verdict, [])).toThrow(codeIs('MALFORMED_ENVELOPE'));
  });
});

describe('five members’ joint statement', () => {
  test.each([1, 3, 5])('passes a threshold of %i', (threshold) => {
    expect(verifyJoint(joint, keys, threshold).signers).toEqual(keys);
  });

  test('gives the very bytes that were signed', () => {
    const { payload } = verifyJoint(joint, keys, 5);
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(statement);
  });

  test.each([0, 6, Number.NaN])('fails a threshold of %d', (threshold) => {
    const all = [...keys, ALICE.publicKey];
    expect(() => verifyJoint(joint, all, threshold)).toThrow(codeIs('BAD_SIGNATURE'));
  });

  test('does not pass three with two signers, though each stands in it twice', () => {
    const [first, second] = joint.signatures;
    const twice = { ...joint, signatures: [first!, second!, first!, second!] };
    expect(() => verifyJoint(twice, keys, 3)).toThrow(codeIs('BAD_SIGNATURE'));
  });

  test('counts a key that is listed twice once', () => {
    const one = { ...joint, signatures: joint.signatures.slice(0, 1) };
    expect(() => verifyJoint(one, [...keys, ...keys], 2)).toThrow(codeIs('BAD_SIGNATURE'));
  });

  test.each([undefined, '', 'somebody'])('is checked with key ids that say %j', (keyid) => {
    const signatures = joint.signatures.map(({ sig }) => ({
      ...(keyid !== undefined && { keyid }),
      sig,
    }));
    expect(verifyJoint({ ...joint, signatures }, keys, 5).signers).toHaveLength(5);
  });

  test('counts nobody over a changed payload', () => {
    const changed = { ...joint, payload: Buffer.from('{}').toString('base64') };
    expect(() => verifyJoint(changed, keys, 1)).toThrow(codeIs('BAD_SIGNATURE'));
  });
});
