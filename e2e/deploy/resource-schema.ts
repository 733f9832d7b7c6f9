import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { createGenerator, type SchemaGenerator } from 'ts-json-schema-generator';
import { projectRoot } from '../world/project-root.js';
import type { Manifest } from './manifest.js';

/** Kinds of Kubernetes itself that manifests may hold, and the file of `kubernetes-types` that has each. */
const FILES: Readonly<Record<string, string>> = {
  Namespace: 'core/v1',
  ServiceAccount: 'core/v1',
  ConfigMap: 'core/v1',
  Service: 'core/v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  Job: 'batch/v1',
  PodDisruptionBudget: 'policy/v1',
  NetworkPolicy: 'networking/v1',
  Ingress: 'networking/v1',
};

let generator: SchemaGenerator | undefined;
const validators = new Map<string, ValidateFunction>();

/** What is wrong with the form of an object, unknown fields among it; empty where nothing is. */
export function formErrors(manifest: Manifest): readonly string[] {
  const validate = validatorOf(manifest.kind);
  const { kind, metadata } = manifest;
  validate(manifest);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${kind} ${metadata.name}${instancePath}: ${message ?? ''} ${JSON.stringify(params)}`,
  );
}

/** Tells whether an object is of a kind that Kubernetes brings itself; others have no types here. */
export function hasForm({ kind }: Pick<Manifest, 'kind'>): boolean {
  return kind in FILES;
}

function validatorOf(kind: string): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  // Reading the types takes two seconds, making a schema of them a tenth of one.
  generator ??= createGenerator({
    path: join(
      projectRoot(),
      'node_modules/kubernetes-types/{apps,batch,core,networking,policy}/v1.d.ts',
    ),
    skipTypeCheck: true,
    additionalProperties: false,
    topRef: true,
  });
  const ajv = new Ajv({ strict: false, allErrors: true });
  const validate = ajv.compile(generator.createSchema(kind) as object);
  validators.set(kind, validate);
  return validate;
}
