import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { projectRoot } from '../world/project-root.js';

const SCHEMA = 'usr/lib/python3/dist-packages/cloudinit/config/schemas/schema-cloud-config-v1.json';

/**
 * Gives cloud-init's own schema of its configuration as a check; null where neither the machine nor
 * `.ci/steps/tools.sh` has brought it.
 */
export function cloudConfigCheck(): ValidateFunction | null {
  const places = ['/', join(projectRoot(), '.tools/unpacked/cloud-init')];
  const path = places.map((root) => join(root, SCHEMA)).find(existsSync);
  if (path === undefined) return null;
  // Of draft 4 it uses nothing that later ones read otherwise, but for its name.
  const { $schema, ...schema } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  if (!String($schema).includes('draft-04')) throw new Error(`a schema of ${String($schema)}`);
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  return ajv.compile(schema);
}
