import { GroupReportsService } from './group-reports.service.js';
import { GroupsController, RoundGroupsController } from './groups.controller.js';
import { GroupsService } from './groups.service.js';

/** What the module takes of groups. */
export const GROUPS_CONTROLLERS = [GroupsController, RoundGroupsController];
export const GROUPS_PROVIDERS = [GroupsService, GroupReportsService];
