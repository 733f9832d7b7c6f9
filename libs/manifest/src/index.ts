export { ManifestError } from './error.js';
export type { ManifestErrorCode } from './error.js';
export { CONTAINER_FORMS, NODE_KINDS } from './form.js';
export type {
  Attributes,
  Container,
  ContainerForm,
  Location,
  ManifestNode,
  NodeKind,
} from './form.js';
