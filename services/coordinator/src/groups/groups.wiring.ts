import { GroupReportsService } from './group-reports.service.js';
import { GroupsController } from './groups.controller.js';
import { GroupsService } from './groups.service.js';
import { RoundGroupsController } from './round-groups.controller.js';

/** What the module takes of groups. */
export const GROUPS_CONTROLLERS = [GroupsController, RoundGroupsController];
export const GROUPS_PROVIDERS = [GroupsService, GroupReportsService];
