import { z } from 'zod';
import { compareText, quote } from '#libs/encoding';
import { agentDigestOf, AgentFiles, agentFiles, quickAgentFiles } from './agent-file.js';
import { logOf, logResources } from './build-log.js';
import { Environment, quickEnvironment } from './environment.js';
import { AttestationError } from './error.js';
import { intermediateResources, intermediatesOf, isIntermediate } from './intermediate.js';
import { isManifestRoot, manifestRootResources, manifestRootsOf } from './manifest-root.js';
import {
  quickCount,
  quickList,
  quickNullable,
  quickObject,
  quickText,
  quickValue,
} from './quick-match.js';
import { ArtifactName, quickArtifactName, quickReleaseRef, ReleaseRef } from './release.js';
import {
  Output,
  Published,
  quickOutput,
  quickPublished,
  ResultHead,
  type Result,
} from './result.js';
import {
  Label,
  quickLabel,
  quickResource,
  quickSha256,
  readAs,
  Resource,
  Sha256Text,
  type Statement,
} from './statement.js';
import {
  ENVIRONMENT,
  NAMESPACE,
  PUBLISHED,
  REBUILD,
  SALT,
  SLSA_PROVENANCE,
  STATEMENT_TYPE,
} from './type-uri.js';
import { wellFormed } from './well-formed.js';

const BUILDER_PREFIX = `${NAMESPACE}/builders/`;
const Round = Sha256Text.nullable();

/** SLSA provenance as far as a rebuild uses it. Source: slsa.dev/spec/v1.0/provenance */
export const Provenance = z.object({
  buildDefinition: z.object({
    buildType: z.literal(REBUILD),
    externalParameters: z.object({ round: Round, release: ReleaseRef }),
    internalParameters: z.object({
      [SALT]: z.string(),
      [ENVIRONMENT]: Environment,
      [PUBLISHED]: z.array(Published).max(256),
    }),
    resolvedDependencies: z.array(Resource).max(256),
  }),
  runDetails: z.object({
    builder: z.object({
      id: z.string().startsWith(BUILDER_PREFIX),
      version: z.object({ agent: Label }),
      builderDependencies: AgentFiles,
    }),
    metadata: z.object({ startedOn: z.string(), finishedOn: z.string() }),
    byproducts: z.array(Resource).max(64),
  }),
});

export const quickProvenance = quickObject({
  buildDefinition: quickObject({
    buildType: quickValue(REBUILD),
    externalParameters: quickObject({
      round: quickNullable(quickSha256),
      release: quickReleaseRef,
    }),
    internalParameters: quickObject({
      [SALT]: quickText(1000),
      [ENVIRONMENT]: quickEnvironment,
      [PUBLISHED]: quickList(256, quickPublished),
    }),
    resolvedDependencies: quickList(256, quickResource),
  }),
  runDetails: quickObject({
    builder: quickObject({
      id: (value) => typeof value === 'string' && value.startsWith(BUILDER_PREFIX),
      version: quickObject({ agent: quickLabel }),
      builderDependencies: quickAgentFiles,
    }),
    metadata: quickObject({ startedOn: quickText(1000), finishedOn: quickText(1000) }),
    byproducts: quickList(64, quickResource),
  }),
});

/** What of a result's head the provenance above leaves open. */
const Head = ResultHead.pick({ builder: true, salt: true, startedAt: true, finishedAt: true });

const Subject = z.object({
  name: Label,
  digest: z.object({ sha256: Sha256Text }),
  annotations: z.object({ artifact: ArtifactName, sizeBytes: z.number().int().min(0).nullable() }),
});

const quickSubject = quickObject({
  name: quickLabel,
  digest: quickObject({ sha256: quickSha256 }),
  annotations: quickObject({
    artifact: quickArtifactName,
    sizeBytes: quickNullable(quickCount),
  }),
});

/** Makes SLSA provenance of what was built. */
export function provenanceOf(result: Result & { kind: 'built' }): Statement {
  const predicate: z.infer<typeof Provenance> = {
    buildDefinition: {
      buildType: REBUILD,
      externalParameters: { round: result.round, release: result.release },
      internalParameters: {
        [SALT]: result.salt,
        [ENVIRONMENT]: result.environment,
        [PUBLISHED]: result.published.map((published) => ({
          ...published,
          error: published.error && {
            ...published.error,
            message: wellFormed(published.error.message),
          },
        })),
      },
      resolvedDependencies: Object.entries(result.inputs)
        .toSorted(([a], [b]) => compareText(a, b))
        .map(([name, digest]) => ({ name, digest: { ...digest } })),
    },
    runDetails: {
      builder: {
        id: `${BUILDER_PREFIX}${result.builder}`,
        version: { agent: result.agentVersion },
        builderDependencies: agentFiles(result.agentDigest),
      },
      metadata: { startedOn: result.startedAt, finishedOn: result.finishedAt },
      byproducts: [
        ...logResources(result.logSha256),
        ...intermediateResources(
          (result.intermediates ?? []).toSorted((a, b) => compareText(a.name, b.name)),
        ),
        ...manifestRootResources(result.outputs),
      ],
    },
  };
  return {
    _type: STATEMENT_TYPE,
    subject: result.outputs
      .map(({ name, path, sha256, sizeBytes }) => ({
        name: `${result.release.name}/${path}`,
        digest: { sha256 },
        annotations: { artifact: name, sizeBytes },
      }))
      .toSorted((a, b) => compareText(a.name, b.name)),
    predicateType: SLSA_PROVENANCE,
    predicate,
  };
}

/** Reads what was built from a statement whose predicate is SLSA provenance. */
export function readProvenance(statement: Statement): Result {
  const { buildDefinition: definition, runDetails: run } = readAs(
    Provenance,
    statement.predicate,
    'SLSA provenance of a rebuild',
    quickProvenance,
  );
  const { release, round } = definition.externalParameters;
  const subjects = statement.subject.map((resource) =>
    readAs(Subject, resource, 'a rebuilt artifact', quickSubject),
  );
  const roots = manifestRootsOf(
    run.byproducts,
    new Set(subjects.map(({ annotations }) => annotations.artifact)),
  );
  const outputs = subjects.map((subject) => {
    const prefix = `${release.name}/`;
    if (!subject.name.startsWith(prefix)) {
      throw new AttestationError(
        'WRONG_RELEASE',
        `subject ${quote(subject.name)} is not of release ${quote(release.name)}`,
      );
    }
    const manifest = roots.get(subject.annotations.artifact);
    return readAs(
      Output,
      {
        name: subject.annotations.artifact,
        path: subject.name.slice(prefix.length),
        sha256: subject.digest.sha256,
        sizeBytes: subject.annotations.sizeBytes,
        ...(manifest !== undefined && { manifest }),
      },
      'a rebuilt artifact',
      quickOutput,
    );
  });
  refuseRepeats(outputs.map(({ name }) => name));
  refuseRepeats(outputs.map(({ path }) => path));
  refuseRepeats(definition.resolvedDependencies.map(({ name }) => name ?? ''));
  const head = {
    builder: run.builder.id.slice(BUILDER_PREFIX.length),
    salt: definition.internalParameters[SALT],
    startedAt: run.metadata.startedOn,
    finishedAt: run.metadata.finishedOn,
  };
  const inputs = Object.fromEntries(
    definition.resolvedDependencies.map(({ name, digest }) => [name ?? '', digest ?? {}]),
  );
  refuseOtherSource(inputs['source'] ?? {}, release);
  const intermediates = intermediatesOf(run.byproducts);
  return {
    ...readAs(Head, head, 'a build result'),
    ...{ round, release, agentVersion: run.builder.version.agent },
    agentDigest: agentDigestOf(run.builder.builderDependencies),
    environment: definition.internalParameters[ENVIRONMENT],
    kind: 'built',
    outputs,
    published: definition.internalParameters[PUBLISHED],
    inputs,
    ...(intermediates.length > 0 && { intermediates }),
    // An intermediate output may bear any name, that of the log as well.
    logSha256: logOf(
      run.byproducts.filter((resource) => !isIntermediate(resource) && !isManifestRoot(resource)),
    ),
  };
}

/** What was built must be what the statement is about: else it would pass for a build of both. */
function refuseOtherSource(source: Readonly<Record<string, string>>, release: ReleaseRef): void {
  const other = Object.entries(source).find(
    ([algorithm, digest]) => (release.digest[algorithm] ?? digest) !== digest,
  );
  if (other === undefined) return;
  throw new AttestationError(
    'WRONG_RELEASE',
    `source ${quote(other.join(' '))} is not that of release ${quote(release.name)}`,
  );
}

function refuseRepeats(values: readonly string[]): void {
  const repeated = values.find((value, at) => values.indexOf(value) !== at);
  if (repeated !== undefined) {
    // A later entry must not silently replace an earlier digest.
    throw new AttestationError(
      'MALFORMED_STATEMENT',
      `${quote(repeated)} stands twice in one statement`,
    );
  }
}
