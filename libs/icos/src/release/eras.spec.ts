import { asCommitId } from '#libs/encoding';
import { describe, expect, test } from 'vitest';
import {
  ARTIFACT_NAMES,
  asArtifactName,
  cdnUrl,
  CURRENT_ERA,
  detectEra,
  ERAS,
  isArtifactName,
  parseStatementName,
  readNeeds,
  specOf,
  statementName,
  sumsUrl,
} from '../index.js';

const commit = asCommitId('79faae8b354edbf45ae858f1c88bcd1eba4897a5');
const refusal = (code: string) => expect.objectContaining({ name: 'IcosError', code }) as Error;
const holding = (files: Record<string, string>) => async (path: string) =>
  Promise.resolve(files[path] ?? null);

describe('the era of a commit', () => {
  const script = 'ci/container/build-ic.sh';
  const gitlab = 'gitlab-ci/container/build-ic.sh';
  const folders = 'pushd "$DISK_DIR_FULL/guestos"';
  const recovery = 'target_dir="$DISK_DIR/guestos/update-img-recovery"';
  const update = 'target_dir="$DISK_DIR/guestos/update"';

  test.each<[id: string, files: Record<string, string>]>([
    [
      'attested-sums',
      { [script]: recovery, 'ci/scripts/fetch-attested-sums.sh': 'gh attestation verify "$out"' },
    ],
    ['recovery-and-measurements', { [script]: recovery }],
    ['measurements', { [script]: update, 'ic-os/defs.bzl': '":launch-measurements.json",' }],
    ['update-folders', { [script]: update }],
    ['os-folders', { [script]: folders }],
    ['gitlab-os-folders', { [gitlab]: folders, 'ic-os/defs.bzl': 'name = "update-img.tar.zst"' }],
    [
      'gitlab-os-folders-gz',
      { [gitlab]: folders, 'ic-os/defs.bzl': '"update-img.tar.zst" "update-img.tar.gz"' },
    ],
    ['gitlab-one-image', { [gitlab]: 'pushd "$DISK_DIR_FULL"' }],
    ['docker-one-image', { 'gitlab-ci/tools/docker-build-ic': 'docker cp x docker-build-ic' }],
  ])('is %s by what it holds', async (id, files) => {
    expect(await detectEra(holding(files))).toMatchObject({ id });
  });

  test('has a row of its own, and its own test, for each that the table knows', () => {
    expect(ERAS).toHaveLength(9);
    expect(new Set(ERAS.map(({ id }) => id)).size).toBe(9);
  });

  test('that stamps by branches needs them, and one that does not needs the commit alone', async () => {
    const asking = { [gitlab]: 'git branch -r --contains $VERSION "$DISK_DIR_FULL"' };
    const era = await detectEra(holding(asking));
    expect(await readNeeds(holding(asking), era)).toMatchObject({ branches: true });
    const plain = { [gitlab]: 'pushd "$DISK_DIR_FULL"' };
    expect(await readNeeds(holding(plain), era)).toMatchObject({ branches: false });
  });

  test('may ask for blocks of 4096 bytes where its own script does, and only there', async () => {
    const file = 'toolchains/sysimage/reproducibility.py';
    const strict = { [script]: update, [file]: 'def check(path, expected_block_size=4096):' };
    const era = await detectEra(holding(strict));
    expect(await readNeeds(holding(strict), era)).toMatchObject({ tempBlockSizeBytes: 4096 });
    expect(await readNeeds(holding({ [script]: update }), era)).toMatchObject({
      tempBlockSizeBytes: null,
    });
  });

  test('is not told by a folder that stood there before the script built it', async () => {
    const files = { [script]: 'guestos/update', 'ic-os/guestos/envs/recovery/BUILD.bazel': '' };
    expect(await detectEra(holding(files))).toMatchObject({ id: 'update-folders' });
  });

  test.each([
    ['another repository', {}],
    ['a commit of 2023', { 'gitlab-ci/container/build-ic.sh': 'artifacts/icos' }],
    ['a script that makes something else', { [script]: 'make all' }],
  ])('of %s is refused', async (_, files) => {
    await expect(detectEra(holding(files))).rejects.toThrow(refusal('UNSUPPORTED_COMMIT'));
  });
});

describe('the table of eras', () => {
  test('names each artifact once per era, and embeds only what the era makes', () => {
    for (const { artifacts } of ERAS) {
      const names = artifacts.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(new Set(artifacts.map(({ outputPath }) => outputPath)).size).toBe(names.length);
      for (const { embeds } of artifacts)
        expect(names).toEqual(expect.arrayContaining([...embeds]));
    }
  });

  test('names what a build leaves on its way once, and only on the way to what the era makes', () => {
    for (const { artifacts, intermediates } of ERAS) {
      const made = artifacts.map(({ name }) => name);
      const names = intermediates.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const one of intermediates)
        expect(made).toEqual(expect.arrayContaining([...one.artifacts]));
      const onTheWay = new Set(intermediates.flatMap((one) => one.artifacts));
      // For all or for none: an artifact without any could never be shown beside its neighbours.
      if (intermediates.length > 0) expect([...onTheWay].sort()).toEqual(made.toSorted());
    }
  });

  test('knows nothing of the way of the eras whose containers took it with them', () => {
    const unknown = ERAS.filter(({ intermediates }) => intermediates.length === 0);
    expect(unknown.map(({ id }) => id)).toEqual([
      ...['gitlab-os-folders-gz', 'gitlab-os-folders', 'gitlab-one-image', 'docker-one-image'],
    ]);
  });

  test('says that SetupOS carries the other two, and measurements the image', () => {
    expect(specOf(CURRENT_ERA, 'setupos/disk-img').embeds).toEqual([
      'hostos/update-img',
      'guestos/update-img',
    ]);
    expect(specOf(CURRENT_ERA, 'guestos/launch-measurements').embeds).toEqual([
      'guestos/update-img',
    ]);
  });

  test('has no recovery image before the script built one', () => {
    const before = ERAS.find(({ id }) => id === 'measurements')!;
    expect(() => specOf(before, 'guestos-recovery/update-img')).toThrow(
      refusal('UNKNOWN_ARTIFACT'),
    );
  });
});

describe('an artifact', () => {
  test('has one name in statements, which leads back to it', () => {
    for (const { artifacts } of ERAS) {
      for (const spec of artifacts) {
        expect(parseStatementName(statementName(commit, spec))).toEqual({
          commit,
          artifact: spec.name,
        });
      }
    }
    expect(statementName(commit, specOf(CURRENT_ERA, 'guestos-recovery/update-img'))).toBe(
      `ic/${commit}/guest-os/update-img-recovery/update-img.tar.zst`,
    );
  });

  test.each([
    '',
    'ic',
    `ic/${commit}`,
    `ic/${commit}/guest-os/update-img/SHA256SUMS`,
    `ic/${commit.slice(1)}/guest-os/update-img/update-img.tar.zst`,
    `x/${commit}/guest-os/update-img/update-img.tar.zst`,
    `ic/${commit}/guest-os/update-img/update-img.tar.zst/`,
    `/ic/${commit}/guest-os/update-img/update-img.tar.zst`,
  ])('is not named by %j', (text) => {
    expect(() => parseStatementName(text)).toThrow(refusal('MALFORMED_NAME'));
  });

  test('has its address on each CDN beside its SHA256SUMS', () => {
    const setup = specOf(CURRENT_ERA, 'setupos/disk-img');
    const folder = `https://download.dfinity.systems/ic/${commit}/setup-os/disk-img`;
    expect(cdnUrl('https://download.dfinity.systems', commit, setup)).toBe(
      `${folder}/disk-img.tar.zst`,
    );
    expect(sumsUrl('https://download.dfinity.systems/', commit, setup)).toBe(
      `${folder}/SHA256SUMS`,
    );
  });

  test('is one of a closed list', () => {
    expect(ARTIFACT_NAMES.every(isArtifactName)).toBe(true);
    expect(asArtifactName('hostos/update-img')).toBe('hostos/update-img');
    expect(() => asArtifactName('constructor')).toThrow(refusal('UNKNOWN_ARTIFACT'));
  });
});
