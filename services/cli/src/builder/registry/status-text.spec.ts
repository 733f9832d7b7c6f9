import { expect, test } from 'vitest';
import type { BuilderView } from '#libs/contracts';
import { makeCapabilities, makeSigner } from '#libs/testing';
import { toBase64 } from '#libs/encoding';
import { statusText } from './status-text.js';

const NOW = new Date('2026-11-20T00:00:00.000Z');
const AT = '--coordinator https://quorum.example';
const { id, publicKey } = makeSigner(1);
const builder = makeSigner(2).id;
const VIEW: BuilderView = {
  ...{ builder, status: 'active', statusReason: null, tags: [], calibration: null },
  publicKey: toBase64(publicKey),
  operator: { id, name: 'Ann', publicKey: toBase64(publicKey) },
  ...{ capabilities: makeCapabilities(), appliedAt: '2026-11-01T00:00:00.000Z' },
  ...{ approvedAt: '2026-11-02T00:00:00.000Z', lastSeenAt: null },
  ...{ agentVersion: null, heartbeat: null },
};

function nextOf(view: BuilderView | null): string {
  const coordinator = 'https://quorum.example';
  const text = statusText(builder, view, { dir: 'mine', coordinator, now: NOW });
  return text.slice(text.indexOf('next:'));
}

test.each<[status: BuilderView['status'] | null, typed: string]>([
  [null, `builder enroll ${AT} --dir mine --operator-key FILE`],
  ['applied', `builder approve ${builder} ${AT} --token-file FILE`],
  ['paused', `builder resume ${builder} ${AT} --operator-key FILE`],
  ['draining', `builder resume ${builder} ${AT} --operator-key FILE`],
  ['retired', `builder enroll ${AT} --dir mine --operator-key FILE`],
  ['revoked', `builder init --dir DIR ${AT}`],
])('after %s comes a command for the coordinator that was asked', (status, typed) => {
  const view = status === null ? null : { ...VIEW, status };
  expect(nextOf(view)).toContain(`repro-quorum ${typed}`);
});

test.each(['paused', 'draining'] as const)(
  'of a %s builder it is told that only the group takes back what the group did',
  (status) => {
    expect(nextOf({ ...VIEW, status })).toContain('only the group resumes it: --token-file FILE');
  },
);
