import { IDL } from '@dfinity/candid';
import { describe, expect, test } from 'vitest';
import { encodeExecution } from '../../../e2e/world/nns/payload.js';
import { decodePayload, nnsFunctionName } from './index.js';

const commit = '2e16bbd5f5c5bb0bc6bc7b4f1d5ff4a8a9d7a3c1';
const older = '79faae8b354edbf45ae858f1c88bcd1eba4897a5';
const sha256 = '8819fe2c230cc62300c146b6ee644d934df336cb9d17a146999d3bb2449c53b1';
const urls = ['https://download.dfinity.systems/a', 'https://download.dfinity.network/a'];
const measurement = 'ab'.repeat(48);
const nodeIds = ['rwlgt-iiaaa-aaaaa-aaaaa-cai', 'rrkah-fqaaa-aaaaa-aaaaq-cai'];
const subnetId = 'tdb26-jop6k-aogll-7ltgs-eruif-6kk7m-qpktf-gdiqx-mxtrf-vb5e6-eqe';

const samples = {
  guestos: encodeExecution({
    kind: 'elect-guestos',
    ...{ commit, sha256, urls, unelects: [older] },
    measurements: [{ kernelCmdline: 'root=/dev/disk dfinity.system=A', measurement }],
  }),
  'guestos of 2023': encodeExecution({
    kind: 'elect-guestos-2023',
    ...{ commit, sha256, urls, unelects: [older] },
  }),
  bless: encodeExecution({ kind: 'bless', commit, sha256, packageUrl: urls[0]! }),
  hostos: encodeExecution({ kind: 'elect-hostos', commit, sha256, urls, unelects: [older] }),
  'hostos of 2023': encodeExecution({
    kind: 'elect-hostos',
    ...{ nnsFunction: 40, commit, sha256, urls },
  }),
  subnet: encodeExecution({ kind: 'deploy-to-subnet', commit, subnetId }),
  unassigned: encodeExecution({ kind: 'deploy-to-unassigned-nodes', commit }),
  boundary: encodeExecution({ kind: 'deploy-to-api-boundary-nodes', commit, nodeIds }),
  nodes: encodeExecution({ kind: 'deploy-hostos', commit, nodeIds }),
};

function decode({ nnsFunction, payload }: { nnsFunction: number; payload: Uint8Array }) {
  return decodePayload(nnsFunction, payload);
}

const elects = { kind: 'elects', commit, sha256, urls, launchMeasurements: null, unelects: [] };

describe('each function and era', () => {
  test.each([
    [
      'guestos',
      {
        ...elects,
        os: 'guestos',
        unelects: [older],
        launchMeasurements: [{ kernelCmdline: 'root=/dev/disk dfinity.system=A', measurement }],
      },
    ],
    ['guestos of 2023', { ...elects, os: 'guestos', unelects: [older] }],
    ['bless', { ...elects, os: 'guestos', urls: [urls[0]] }],
    ['hostos', { ...elects, os: 'hostos', unelects: [older] }],
    ['hostos of 2023', { ...elects, os: 'hostos' }],
    ['subnet', { kind: 'deploys', os: 'guestos', commit, to: { kind: 'subnet', subnetId } }],
    ['unassigned', { kind: 'deploys', os: 'guestos', commit, to: { kind: 'unassigned-nodes' } }],
    [
      'boundary',
      { kind: 'deploys', os: 'guestos', commit, to: { kind: 'api-boundary-nodes', nodeIds } },
    ],
    ['nodes', { kind: 'deploys', os: 'hostos', commit, to: { kind: 'nodes', nodeIds } }],
  ] as const)('%s decodes to what it decides', (name, decision) => {
    expect(decode(samples[name])).toEqual(decision);
  });

  test.each(['guestos', 'hostos'] as const)('a %s proposal may only unelect', (os) => {
    const sample = encodeExecution({ kind: 'unelect', os, unelects: [older] });
    expect(decode(sample)).toEqual({ kind: 'unelects-only', os, unelects: [older] });
  });

  test('the same URL twice is told as it stands', () => {
    const twice = [urls[0]!, urls[0]!];
    const sample = encodeExecution({ kind: 'elect-hostos', commit, sha256, urls: twice });
    expect(decode(sample)).toMatchObject({ urls: twice });
  });

  test('a measurement without metadata has no command line', () => {
    expect(decodePayload(38, guestosWith({ metadata: [] }))).toMatchObject({
      launchMeasurements: [{ kernelCmdline: null, measurement: '00'.repeat(48) }],
    });
  });
});

describe('the function alone says how to read a payload', () => {
  const functions = [...new Set(Object.values(samples).map(({ nnsFunction }) => nnsFunction))];
  const pairs = Object.entries(samples).flatMap(([name, sample]) =>
    functions
      .filter((other) => other !== sample.nnsFunction)
      .filter((other) => ![other, sample.nnsFunction].every((number) => [40, 50].includes(number)))
      .map((other) => [name, other, sample.payload] as const),
  );

  test.each(pairs)('%s is refused as function %i', (_name, nnsFunction, payload) => {
    expect(() => decodePayload(nnsFunction, payload)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_PAYLOAD' }),
    );
  });

  test.each([0, 4, 22, 36, 41, 46, 52, 9999, -1, 38.5])('function %d is not IC-OS', (number) => {
    expect(() => decodePayload(number, samples.guestos.payload)).toThrow(
      expect.objectContaining({
        code: 'NOT_IC_OS',
        message: expect.stringContaining(nnsFunctionName(number)) as string,
      }),
    );
  });

  test.each([5, 11, 38, 40, 47, 48, 50, 51])('an empty payload of %d was blanked', (number) => {
    expect(() => decodePayload(number, new Uint8Array())).toThrow(
      expect.objectContaining({
        code: 'PAYLOAD_BLANKED',
        message: expect.stringContaining('read the proposal itself') as string,
      }),
    );
  });
});

describe('hostile fields', () => {
  const good = { kind: 'elect-guestos', commit, sha256, urls } as const;
  const many = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
  test.each([
    ['a ref as version', { ...good, commit: 'master' }, 'is not a commit'],
    ['an option as version', { ...good, commit: '--upload-pack=x' }, 'is not a commit'],
    ['an abbreviated version', { ...good, commit: commit.slice(0, 12) }, 'is not a commit'],
    ['a version in capitals', { ...good, commit: commit.toUpperCase() }, 'is not a commit'],
    ['an endless version', { ...good, commit: 'a'.repeat(5000) }, '5000 bytes'],
    ['a short digest', { ...good, sha256: sha256.slice(1) }, 'is not a sha256'],
    ['no URL', { ...good, urls: [] }, 'no package URL'],
    ['an empty URL', { ...good, urls: [''] }, 'not an http or https URL'],
    ['a script as URL', { ...good, urls: ['javascript:alert(1)'] }, 'not an http or https URL'],
    ['a file as URL', { ...good, urls: ['file:///etc/passwd'] }, 'not an http or https URL'],
    ['a URL with a line break', { ...good, urls: ['https://x/\ny'] }, 'not an http or https URL'],
    ['an endless URL', { ...good, urls: [`https://x/${'y'.repeat(3000)}`] }, '3010 bytes'],
    ['too many URLs', { ...good, urls: many(17) }, '17 items'],
    ['too many unelected', { ...good, unelects: many(300) }, '300 items'],
    ['electing and unelecting one', { ...good, unelects: [commit] }, 'the same version'],
    ['a blank unelected version', { ...good, unelects: [''] }, 'not printable ASCII'],
    [
      'a short measurement',
      { ...good, measurements: [{ kernelCmdline: '', measurement: 'ab' }] },
      '1 bytes',
    ],
    ['unelecting nothing', { kind: 'unelect', os: 'guestos', unelects: [] } as const, 'neither'],
    ['no node', { kind: 'deploy-hostos', commit, nodeIds: [] } as const, 'no node'],
    [
      'no HostOS version',
      { kind: 'deploy-hostos', commit: null, nodeIds } as const,
      'HostOS version is null',
    ],
  ])('%s is refused', (_name, action, words) => {
    expect(() => decode(encodeExecution(action))).toThrow(
      expect.objectContaining({
        code: 'MALFORMED_PAYLOAD',
        message: expect.stringContaining(words) as string,
      }),
    );
  });

  test('a package without a version to elect is refused', () => {
    expect(() => decodePayload(38, guestosWith({}, { replica_version_to_elect: [] }))).toThrow(
      /names a package but no version/,
    );
  });

  test('a version without a digest is refused', () => {
    expect(() => decodePayload(38, guestosWith({}, { release_package_sha256_hex: [] }))).toThrow(
      /names no sha256/,
    );
  });

  test('a hostile version is quoted in short', () => {
    const sample = encodeExecution({ ...good, commit: '\u0007'.repeat(100) });
    expect(() => decode(sample)).toThrow(/"(?:\\u0007){80}…"/);
  });
});

function guestosWith(measured: object, fields: object = {}): Uint8Array {
  const Measurement = IDL.Record({
    metadata: IDL.Opt(IDL.Record({ kernel_cmdline: IDL.Text })),
    measurement: IDL.Vec(IDL.Nat8),
  });
  const Payload = IDL.Record({
    release_package_urls: IDL.Vec(IDL.Text),
    replica_versions_to_unelect: IDL.Vec(IDL.Text),
    replica_version_to_elect: IDL.Opt(IDL.Text),
    guest_launch_measurements: IDL.Opt(
      IDL.Record({ guest_launch_measurements: IDL.Vec(Measurement) }),
    ),
    release_package_sha256_hex: IDL.Opt(IDL.Text),
  });
  const value = {
    release_package_urls: urls,
    replica_versions_to_unelect: [],
    replica_version_to_elect: [commit],
    release_package_sha256_hex: [sha256],
    guest_launch_measurements: [
      {
        guest_launch_measurements: [{ metadata: [], measurement: new Uint8Array(48), ...measured }],
      },
    ],
    ...fields,
  };
  return IDL.encode([Payload], [value]);
}
