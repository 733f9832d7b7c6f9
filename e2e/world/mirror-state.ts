import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { sha256 } from '#libs/encoding';

/** One version of a package as a mirror serves it. */
export interface MirrorPackage {
  readonly name: string;
  readonly version: string;
  /** Path below the view, as the index names it. */
  readonly path: string;
  readonly tar: Buffer;
}

const ROOTS = [
  ...['Amber Root R1', 'Cobalt Global Root G2', 'Indigo Trust Services Root'],
  ...['Vermilion Root CA 3', 'Saffron Root X1', 'Umber Assured ID Root', 'Teal Premium Root'],
  ...['Ochre ECC Root 5', 'Sepia Class 2 Root', 'Viridian Root CA', 'Magenta Network Root'],
];

/** How many states a mirror passes through; each has a newer package with other contents. */
export const MIRROR_STATES = 8;

/** Makes the package that is new in a state: the certificates that the distribution trusts. */
export async function packageOf(state: number): Promise<MirrorPackage> {
  const name = 'ca-certificates';
  const version = `2025.${String(8 + Math.floor(state / 4)).padStart(2, '0')}.${10 + state}`;
  const folder = 'usr/share/ca-certificates';
  const archive = pack();
  for (const [file, content] of [
    ['bundle.txt', `${ROOTS.slice(0, 4 + state).join('\n')}\n`],
    ['version.txt', `${version}\n`],
  ] as const) {
    archive.entry({ name: `${folder}/${file}`, mode: 0o644, mtime: new Date(0) }, content);
  }
  archive.finalize();
  return { name, version, path: `pool/${name}_${version}.tar`, tar: await buffer(archive) };
}

/** Writes the index of a state: one line `name version sha256 path` for each version so far. */
export function indexOf(packages: readonly MirrorPackage[]): string {
  return packages
    .map(({ name, version, path, tar }) => `${name} ${version} ${sha256(tar)} ${path}\n`)
    .join('');
}
