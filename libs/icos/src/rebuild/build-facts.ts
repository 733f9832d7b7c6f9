import type { RebuildEnd } from './rebuild-release.js';

/** What a rebuild tells about itself, by the names of the fingerprint's facts. */
export type RebuildFacts = Readonly<Record<string, string | boolean | null>>;

/** Reads off a rebuild what may have changed its bytes; what is not known is left out. */
export function factsOfRebuild(end: RebuildEnd): RebuildFacts {
  const { source, era, scriptSha256, home, container, isolation } = end;
  return {
    ...(source !== null && {
      'source.clean': source.isClean,
      'source.shallow': source.isShallow,
    }),
    ...(scriptSha256 !== null && { 'build.script-digest': `sha256:${scriptSha256}` }),
    ...(era !== null && {
      'build.command': era.command.join(' '),
      'build.targets': 'production',
      'build.driver': 'container-script',
    }),
    ...(home !== null && { 'build.cache': home.cacheState }),
    ...(isolation !== null && { 'build.isolation': isolation }),
    ...(container !== null && {
      'container.ran': container.ran,
      'container.image-digest': container.imageDigest,
      'container.image-origin': container.imageOrigin,
    }),
  };
}
