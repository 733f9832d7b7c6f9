import type { ArtifactListQuery } from '#libs/contracts';
import { conditions, named, Values, type Query } from './query.js';

/** Where a page of clusters begins: below this one. */
export interface ClusterPlace {
  readonly verdictIndex: number;
  readonly position: number;
}

/** Reads a page of clusters and one more, the newest verdict first. */
export function artifactQuery(asked: ArtifactListQuery, below: ClusterPlace | null): Query {
  const { name, digest, commit, verdict, limit } = asked;
  const values = new Values();
  const where: string[] = [];
  if (name !== undefined) where.push(`"artifact" = ${values.of(name)}`);
  if (digest !== undefined) where.push(`"digest" = ${values.of(digest)}`);
  if (commit !== undefined) where.push(`"release" = ${values.of(`ic/${commit}`)}`);
  if (verdict !== undefined) where.push(`"verdict" = ${values.of(verdict)}`);
  if (below !== null) {
    const place = `(${values.of(below.verdictIndex)}::bigint, ${values.of(below.position)}::int)`;
    where.push(`("verdict_index", "position") < ${place}`, `EXISTS (${placeText(place)})`);
  }
  return {
    // Each filter has an index in the list's order.
    ...named('artifacts', asked, {
      among: new Set(['name', 'digest', 'commit', 'verdict']),
      isBelow: below !== null,
    }),
    text: `SELECT "artifact", "digest", "round", "release", "verdict",
        "matches_expected" AS "matchesExpected",
        -- The driver reads JSON many times as fast as arrays of text.
        to_json("operators") AS "operators", to_json("builders") AS "builders",
        "verdict_index"::float8 AS "verdictIndex", "position"
      FROM "artifact_cluster" ${conditions('WHERE', where)}
      ORDER BY "verdict_index" DESC, "position" DESC LIMIT ${values.of(limit + 1)}`,
    values: values.all,
  };
}

/** Finds out whether there is such a cluster. */
export function clusterPlaceQuery({ verdictIndex, position }: ClusterPlace): Query {
  return {
    name: 'cluster-exists',
    text: placeText('($1::bigint, $2::int)'),
    values: [verdictIndex, position],
  };
}

function placeText(place: string): string {
  return `SELECT 1 FROM "artifact_cluster" held WHERE (held."verdict_index", held."position") = ${place}`;
}
