import { asCommitId, asSha256 } from '#libs/encoding';
import { describe, expect, test } from 'vitest';
import { compareWithDashboard, parseDashboardProposal } from './dashboard.js';
import type { Elects } from './decision.js';

const COMMIT = asCommitId('79faae8b354edbf45ae858f1c88bcd1eba4897a5');
const SHA256 = asSha256('8819fe2c230cc62300c146b6ee644d934df336cb9d17a146999d3bb2449c53b1');
const URLS = [
  'https://download.dfinity.systems/ic/x/guest-os/update-img/update-img.tar.zst',
  'https://download.dfinity.network/ic/x/guest-os/update-img/update-img.tar.zst',
];
const HEX = '0a'.repeat(48);
const decision: Elects = {
  ...{ kind: 'elects', os: 'guestos', commit: COMMIT, sha256: SHA256, urls: URLS, unelects: [] },
  launchMeasurements: [{ measurement: HEX, kernelCmdline: 'dfinity.system=A' }],
};
const payload = {
  replica_version_to_elect: COMMIT,
  replica_versions_to_unelect: [],
  release_package_sha256_hex: SHA256,
  release_package_urls: URLS,
  guest_launch_measurements: {
    guest_launch_measurements: [
      { measurement: HEX, metadata: { kernel_cmdline: 'dfinity.system=A' } },
    ],
  },
};
const answer = (of: unknown, more: object = {}): string =>
  // A tally beyond 2^53, as the API gives it: it is read past, not rounded.
  JSON.stringify({ id: 118001, proposal_id: 137, payload: of, ...more }).replace(
    /\}$/,
    ',"latest_tally":{"yes":46334384189105008}}',
  );
const differences = (of: object) =>
  compareWithDashboard(decision, parseDashboardProposal(answer({ ...payload, ...of }), 137n)).map(
    ({ field }) => field,
  );

describe('the dashboard', () => {
  test('agrees with the certified answer: hexadecimal there, bytes here', () => {
    expect(differences({})).toEqual([]);
    const upper = structuredClone(payload.guest_launch_measurements);
    upper.guest_launch_measurements[0]!.measurement = HEX.toUpperCase();
    expect(differences({ guest_launch_measurements: upper })).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['another version', { replica_version_to_elect: '0'.repeat(40) }, 'version'],
    [
      'the same version as HostOS',
      { replica_version_to_elect: null, hostos_version_to_elect: COMMIT },
      'version',
    ],
    ['two versions', { hostos_version_to_elect: COMMIT }, 'version'],
    ['another digest', { release_package_sha256_hex: 'f'.repeat(64) }, 'sha256'],
    ['a URL less', { release_package_urls: URLS.slice(1) }, 'urls'],
    ['URLs in another order', { release_package_urls: URLS.toReversed() }, 'urls'],
    ['no measurements', { guest_launch_measurements: null }, 'launch measurements'],
    [
      'a measurement without its command line',
      { guest_launch_measurements: { guest_launch_measurements: [{ measurement: HEX }] } },
      'launch measurements',
    ],
  ])('that shows %s differs in that, and nothing else', (_, of, field) => {
    expect(differences(of)).toEqual([field]);
  });

  test('may show HostOS proposals, which have no measurements at all', () => {
    const {
      replica_version_to_elect: version,
      release_package_sha256_hex,
      release_package_urls,
    } = payload;
    const rest = { release_package_sha256_hex, release_package_urls };
    const host: Elects = { ...decision, os: 'hostos', launchMeasurements: null };
    const shown = parseDashboardProposal(
      answer({ ...rest, hostos_version_to_elect: version }),
      137n,
    );
    expect(compareWithDashboard(host, shown)).toEqual([]);
  });

  test('may show proposals of 2021, with one URL and a version id', () => {
    const bless: Elects = { ...decision, urls: [URLS[0]!], launchMeasurements: null };
    const old = {
      replica_version_id: COMMIT,
      release_package_url: URLS[0],
      release_package_sha256_hex: SHA256,
    };
    expect(compareWithDashboard(bless, parseDashboardProposal(answer(old), 137n))).toEqual([]);
  });

  test('may show a proposal that only unelects', () => {
    const shown = parseDashboardProposal(answer({ replica_versions_to_unelect: ['x'] }), 137n);
    const unelects = { kind: 'unelects-only', os: 'guestos', unelects: ['x'] } as const;
    expect(compareWithDashboard(unelects, shown)).toEqual([]);
  });

  test('decides nothing by words of a title or a summary', () => {
    const words = { title: '"hostos_version_to_elect": "x"', summary: 'replica_version_to_elect' };
    const shown = parseDashboardProposal(answer({}, words), 137n);
    expect(shown.elects).toEqual([]);
  });

  test.each([
    ['an error page', '<!doctype html><title>502</title>'],
    ['no answer', ''],
    ['another proposal', answer(payload).replace('"proposal_id":137', '"proposal_id":138')],
    ['a row of the database alone', answer(payload).replace('"proposal_id":137,', '')],
    ['a payload in another form', answer({ release_package_urls: 'https://x' })],
    ['too much', ' '.repeat(5 * 1024 * 1024)],
  ])('that answers with %s says nothing', (_, text) => {
    expect(() => parseDashboardProposal(text, 137n)).toThrow(
      expect.objectContaining({ name: 'NnsError', code: 'MALFORMED_ANSWER' }),
    );
  });
});
