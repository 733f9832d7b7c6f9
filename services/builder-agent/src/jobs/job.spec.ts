import { expect, test } from 'vitest';
import { jobOf, playCoordinator, signerOf } from '../round.fixture.js';
import { nextStep, type Job, type NextStep } from './job.js';

const builder = signerOf(1);
const played = playCoordinator();
const opened = played.open([builder]);
const closed = played.close(opened.round);

/** A job that holds the parts that are named. */
function jobWith(parts: string): Job {
  const has = (letter: string): boolean => parts.includes(letter);
  return {
    ...jobOf(opened),
    sealed: has('s') ? { result: closed, commit: closed } : null,
    commitReceipt: has('c') ? 'proof of the commit' : null,
    roundClose: has('x') ? closed : null,
    closeKeptAt: has('x') ? new Date(0) : null,
    isContradicted: false,
    shown: has('w') ? { grounds: 'witnessed', reveal: closed } : null,
    resultReceipt: has('r') ? 'proof of the result' : null,
    stopped: has('t') ? { reason: 'round-closed', at: '2026-11-22T00:00:00Z' } : null,
    declined: has('d') ? closed : null,
    declineReceipt: has('e') ? 'proof of the decline' : null,
  };
}

test.each<[string, NextStep, string]>([
  ['', 'build', 'a job without anything is built'],
  ['x', 'build', 'a late builder builds all the same'],
  ['c', 'build', 'a receipt without a result gives nothing to send'],
  ['r', 'build', 'a receipt without a result gives nothing to send'],
  ['cx', 'build', 'a receipt without a result gives nothing to send'],
  ['cr', 'build', 'a receipt without a result gives nothing to send'],
  ['xr', 'build', 'a receipt without a result gives nothing to send'],
  ['cxr', 'build', 'a receipt without a result gives nothing to send'],
  ['s', 'commit', 'a sealed result is committed to'],
  ['sx', 'commit', 'after the close too: the result is of no use without its commit'],
  ['sr', 'commit', 'whatever else is there, the commit goes first'],
  ['sxr', 'commit', 'whatever else is there, the commit goes first'],
  ['sc', 'await-close', 'a committed result is kept back'],
  ['scr', 'await-close', 'a committed result is kept back'],
  ['scw', 'await-close', 'a committed result is kept back'],
  ['scx', 'await-witnesses', 'a close is the coordinator’s word alone'],
  ['scxw', 'reveal', 'a committed result is shown once the log was seen to hold both'],
  ['scxwr', 'done', 'a revealed result asks for nothing more'],
  ['t', 'done', 'what was stopped is not begun again'],
  ['xt', 'done', 'nor when its close is there as well'],
  ['st', 'commit', 'a build that ended while it was being stopped is committed to'],
  ['d', 'decline', 'a decline is sent until it is in the log'],
  ['dt', 'decline', 'also after an order to stop'],
  ['de', 'done', 'a logged decline asks for nothing more'],
  ['dx', 'done', 'nor does one that the log has not: after the close none is taken'],
  ['sd', 'commit', 'a result that is there goes before a decline'],
  ['scxr', 'done', 'nor does one that an older agent showed'],
])('with parts "%s" the next step is %s: %s', (parts, step) => {
  expect(nextStep(jobWith(parts))).toBe(step);
});

test('a result is never shown without a logged commit, a close, and a look at the log', () => {
  const letters = ['s', 'c', 'x', 'w', 'r'];
  for (let bits = 0; bits < 32; bits += 1) {
    const parts = letters.filter((_, at) => (bits & (1 << at)) !== 0).join('');
    if (nextStep(jobWith(parts)) === 'reveal') expect(parts).toBe('scxw');
  }
});

test('in a round that is not blind a result is shown as soon as its commit is logged', () => {
  const open = { ...opened.open, blind: false };
  expect(nextStep({ ...jobWith('s'), open })).toBe('commit');
  expect(nextStep({ ...jobWith('sc'), open })).toBe('reveal');
  expect(nextStep({ ...jobWith('scr'), open })).toBe('done');
});
