import { OpenApiController } from './openapi.controller.js';
import { OpenApiService } from './openapi.service.js';

/** What the module takes of describing the API. */
export const OPENAPI_CONTROLLERS = [OpenApiController];
export const OPENAPI_PROVIDERS = [OpenApiService];
