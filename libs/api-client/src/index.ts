export { answerOf, createApiClient } from './client.js';
export type { ApiClient } from './client.js';
export { ApiError } from './error.js';
export type { ApiErrorCode } from './error.js';
export type { components } from './golden/components.js';
export type { operations, paths } from './golden/paths.js';
