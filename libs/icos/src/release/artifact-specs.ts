import type { ArtifactSpec } from './era.js';

type Wrapping = 'tar.gz' | 'tar.zst';

/** Folders of a build's outputs, where they differ from era to era. */
interface Places {
  readonly guest: string;
  readonly host: string;
  readonly setup: string;
}

const UPDATE_MEMBERS = ['boot.img', 'root.img', 'VERSION.TXT'];

/** GuestOS's update image. */
export function guestImage(folder: string, wrapping: Wrapping): ArtifactSpec {
  const file = `update-img.${wrapping}`;
  return {
    name: 'guestos/update-img',
    outputPath: `${folder}/${file}`,
    cdnDir: 'guest-os/update-img',
    file,
    members: UPDATE_MEMBERS,
    embeds: [],
  };
}

/** GuestOS, HostOS and SetupOS; the installer's data partition holds the other two images. */
export function threeImages(
  places: Places,
  wrapping: Wrapping,
): readonly [guestos: ArtifactSpec, hostos: ArtifactSpec, setupos: ArtifactSpec] {
  const file = `update-img.${wrapping}`;
  return [
    guestImage(places.guest, wrapping),
    {
      name: 'hostos/update-img',
      outputPath: `${places.host}/${file}`,
      cdnDir: 'host-os/update-img',
      file,
      members: UPDATE_MEMBERS,
      embeds: [],
    },
    {
      name: 'setupos/disk-img',
      outputPath: `${places.setup}/disk-img.${wrapping}`,
      cdnDir: 'setup-os/disk-img',
      file: `disk-img.${wrapping}`,
      members: ['disk.img'],
      embeds: ['hostos/update-img', 'guestos/update-img'],
    },
  ];
}

/** Each measurement's kernel command line carries the root hash of the image's root.img. */
export const MEASUREMENTS: ArtifactSpec = {
  name: 'guestos/launch-measurements',
  outputPath: 'artifacts/icos/guestos/update/launch-measurements.json',
  cdnDir: 'guest-os/update-img',
  file: 'launch-measurements.json',
  members: [],
  embeds: ['guestos/update-img'],
};

/** The GuestOS with which a subnet is recovered. */
export const RECOVERY: ArtifactSpec = {
  name: 'guestos-recovery/update-img',
  outputPath: 'artifacts/icos/guestos/update-img-recovery/update-img.tar.zst',
  cdnDir: 'guest-os/update-img-recovery',
  file: 'update-img.tar.zst',
  members: UPDATE_MEMBERS,
  embeds: [],
};
