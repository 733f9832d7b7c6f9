import { describe, expect, test } from 'vitest';
import { OpenRound } from '#libs/contracts';
import { experimentOf } from './experiment.js';
import { requestOf, type OpenOptions } from './open.js';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

function request(proposal?: string, options: Partial<OpenOptions> = {}): OpenRound {
  return requestOf(proposal, { coordinator: 'http://127.0.0.1:3000', ...options });
}

const experiment = {
  round: 'ab'.repeat(32),
  artifact: 'guestos/update-img',
  builder: 'aaaaa-cai',
  change: null,
};

describe('an experiment', () => {
  const ask = (proposal?: string, options: Partial<OpenOptions> = {}): OpenRound =>
    requestOf(proposal, { coordinator: 'http://127.0.0.1:3000', ...options }, experiment);

  test('is asked for as it was proposed, typed or from a report', async () => {
    expect(OpenRound.parse(ask())).toEqual({ experiment });
    expect(await experimentOf(JSON.stringify(experiment))).toEqual(experiment);
    expect(await experimentOf(undefined)).toBeUndefined();
  });

  test.each([
    ['a proposal', '1', {}],
    ['a commit', undefined, { commit: COMMIT }],
    ['others', undefined, { builders: 'a' }],
    ['a threshold', undefined, { threshold: '2' }],
  ])('with %s beside it is refused', (_what, proposal, options) => {
    expect(() => ask(proposal, options)).toThrow();
  });

  test.each(['{}', '{', '{"round":1}'])('of %s is refused', async (text) => {
    await expect(experimentOf(text)).rejects.toThrow('no experiment');
  });
});

describe('the request for a round', () => {
  test.each<[proposal: string | undefined, options: Partial<OpenOptions>, body: object]>([
    ['138000', {}, { proposal: '138000' }],
    [undefined, { commit: COMMIT }, { commit: COMMIT }],
    ['1', { notBlind: true }, { proposal: '1', blind: false }],
    [
      '1',
      { ask: 'operators=3, virtualisation:none>=1' },
      {
        proposal: '1',
        ask: { operators: 3, atLeast: [{ count: 1, where: { virtualisation: 'none' } }] },
      },
    ],
    [
      '1',
      { threshold: '2/3', deadline: '3600', builders: 'a-b,c' },
      { proposal: '1', threshold: '2/3', deadlineSeconds: 3600, builders: ['a-b', 'c'] },
    ],
  ])('for %s %j is what the coordinator takes', (proposal, options, body) => {
    const made = request(proposal, options);
    expect(made).toEqual(body);
    expect(OpenRound.parse(made)).toEqual(body);
  });

  test.each<[claim: string, proposal: string | undefined, options: Partial<OpenOptions>]>([
    ['neither proposal nor commit', undefined, {}],
    ['an ask that cannot be read', '1', { ask: 'three of them' }],
    ['an ask for no number', '1', { ask: 'each tag:eu' }],
    ['an ask and names', '1', { ask: 'operators=3', builders: 'a' }],
    ['both', '1', { commit: COMMIT }],
    ['a proposal that is no number', '0x1', {}],
    ['a branch', undefined, { commit: 'master' }],
    ['an option as a commit', undefined, { commit: '--upload-pack=x' }],
    ['no time at all', '1', { deadline: '0' }],
    ['a time beyond what is taken', '1', { deadline: '2592001' }],
    ['a threshold of nothing', '1', { threshold: '0' }],
    ['a builder that is none', '1', { builders: 'a,B' }],
  ])('with %s is refused before anybody is asked', (_claim, proposal, options) => {
    expect(() => request(proposal, options)).toThrow();
  });
});
