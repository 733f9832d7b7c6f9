import { GroupId } from '#libs/attestation';
import { z } from 'zod';
import {
  Group,
  GroupList,
  GroupRounds,
  GroupRoundsQuery,
  PutGroup,
  RoundGroups,
} from '../../groups/group.js';
import { MEDIA, type Operation } from '../operation.js';
import { RoundParams } from '../parameters.js';

export const GroupParams = z.object({ group: GroupId });

/** Routes below `/v1/groups`, and groups of a round. */
export const GROUP_OPERATIONS: readonly Operation[] = [
  {
    ...{ id: 'listGroups', method: 'GET', path: '/v1/groups', tag: 'groups' },
    summary: 'Lists all groups by id',
    answers: { 200: { description: 'All groups', type: MEDIA.json, schema: GroupList } },
    problems: [],
  },
  {
    ...{ id: 'getGroup', method: 'GET', path: '/v1/groups/{group}', tag: 'groups' },
    summary: 'Gives a group as it is now',
    params: GroupParams,
    answers: { 200: { description: 'The group', type: MEDIA.json, schema: Group } },
    problems: ['no-such-group'],
  },
  {
    ...{ id: 'putGroup', method: 'PUT', path: '/v1/groups/{group}', tag: 'groups', scope: 'admin' },
    summary: 'Makes a group, or changes it; what rounds were opened for stays as it was',
    params: GroupParams,
    body: PutGroup,
    answers: { 200: { description: 'The group', type: MEDIA.json, schema: Group } },
    problems: [
      ...(['bad-threshold', 'threshold-too-low', 'threshold-out-of-reach'] as const),
      ...(['too-many-groups', 'log-corrupt', 'log-behind'] as const),
    ],
  },
  {
    ...{ id: 'removeGroup', method: 'DELETE', path: '/v1/groups/{group}' },
    ...{ tag: 'groups', scope: 'admin' },
    summary: 'Removes a group; rounds go on telling what it said',
    params: GroupParams,
    answers: { 200: { description: 'The group as it was', type: MEDIA.json, schema: Group } },
    problems: ['no-such-group', 'log-corrupt', 'log-behind'],
  },
  {
    ...{ id: 'listGroupRounds', method: 'GET', path: '/v1/groups/{group}/rounds', tag: 'groups' },
    summary: 'Lists rounds that were opened for a group, newest first, as they are for it alone',
    params: GroupParams,
    query: GroupRoundsQuery,
    answers: { 200: { description: 'A page of rounds', type: MEDIA.json, schema: GroupRounds } },
    problems: ['no-such-group', 'bad-cursor', 'archived'],
  },
  {
    ...{ id: 'getRoundGroups', method: 'GET', path: '/v1/rounds/{round}/groups', tag: 'groups' },
    summary: 'Gives what a round comes to for each group, and who of it was there',
    params: RoundParams,
    answers: { 200: { description: 'All groups in it', type: MEDIA.json, schema: RoundGroups } },
    problems: ['no-such-round', 'archived'],
  },
];
