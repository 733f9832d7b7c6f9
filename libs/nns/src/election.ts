import { asSha256, quote, type Sha256 } from '#libs/encoding';
import { toCommit } from './commit-field.js';
import type { Elects, LaunchMeasurement, OsKind, UnelectsOnly } from './decision.js';
import { malformedPayload } from './error.js';

/** The content of an election payload of any era, before it is judged. */
export interface ElectionFields {
  readonly os: OsKind;
  readonly version: string | null;
  readonly sha256: string | null;
  readonly urls: readonly string[];
  readonly launchMeasurements: readonly LaunchMeasurement[] | null;
  readonly unelects: readonly string[];
}

/** Judges the fields of an election; the same for every era and both operating systems. */
export function toElection(fields: ElectionFields): Elects | UnelectsOnly {
  const { os, version, urls, launchMeasurements, unelects } = fields;
  for (const unelected of unelects) checkUnelected(unelected);
  if (version === null) return toUnelectsOnly(fields);
  if (fields.sha256 === null) throw malformedPayload('it elects a version but names no sha256');
  if (urls.length === 0) throw malformedPayload('it elects a version but names no package URL');
  for (const url of urls) checkUrl(url);
  const commit = toCommit(version);
  if (unelects.includes(commit)) {
    throw malformedPayload(`it elects and unelects the same version ${commit}`);
  }
  return {
    kind: 'elects',
    os,
    commit,
    sha256: toSha256(fields.sha256),
    urls,
    launchMeasurements,
    unelects,
  };
}

function toUnelectsOnly(fields: ElectionFields): UnelectsOnly {
  const { os, sha256, urls, launchMeasurements, unelects } = fields;
  // Without a version nobody could tell which release the digest or the URLs speak of.
  if (sha256 !== null || urls.length > 0 || launchMeasurements !== null) {
    throw malformedPayload('it names a package but no version to elect');
  }
  if (unelects.length === 0) throw malformedPayload('it neither elects nor unelects a version');
  return { kind: 'unelects-only', os, unelects };
}

function toSha256(text: string): Sha256 {
  try {
    return asSha256(text);
  } catch (cause) {
    throw malformedPayload(`its release package digest ${quote(text)} is not a sha256`, cause);
  }
}

function checkUrl(url: string): void {
  const parsed = /^[\x21-\x7e]+$/.test(url) ? URL.parse(url) : null;
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') {
    throw malformedPayload(`its package URL ${quote(url)} is not an http or https URL`);
  }
}

function checkUnelected(version: string): void {
  if (!/^[\x21-\x7e]+$/.test(version)) {
    throw malformedPayload(`its version to unelect ${quote(version)} is not printable ASCII`);
  }
}
