import { PageReaderService } from './page-reader.service.js';
import { PagesController } from './pages.controller.js';

/** What the module takes of this room. */
export const PAGES_CONTROLLERS = [PagesController];
export const PAGES_PROVIDERS = [PageReaderService];
