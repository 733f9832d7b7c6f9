import { BuilderList, BuilderView } from '../../builders/builder-view.js';
import {
  Invite,
  InviteList,
  InviteListQuery,
  InviteParams,
  InviteView,
  MakeInvite,
} from '../../builders/invites.js';
import {
  ApproveBuilder,
  BuilderApplicationView,
  BuilderCredentials,
  Enrol,
  Enrolled,
  OrderBuilder,
  Ordered,
  SignedOrder,
} from '../../builders/joining.js';
import { OpenRoundAnswer } from '../../http/http.js';
import {
  Agreement,
  BuilderHistory,
  BuilderHistoryQuery,
} from '../../http/queries/builder-history.js';
import { OperatorList, OperatorListQuery } from '../../http/queries/operator-list.js';
import { MEDIA, type Operation } from '../operation.js';
import { BuilderListQuery, BuilderOrderParams, BuilderParams } from '../parameters.js';
import { CHOOSING, KEY_RECORD } from '../shared.js';

const tag = 'builders';
const builder = { tag, params: BuilderParams } as const;
const ORDERED = {
  200: { description: 'How it stands since', type: MEDIA.json, schema: Ordered },
} as const;

/** Routes below `/v1/builders`, and those by which builders come there. */
export const BUILDER_OPERATIONS: readonly Operation[] = [
  {
    ...{ id: 'listBuilders', method: 'GET', path: '/v1/builders', tag },
    summary: 'Lists builders of the registry, by id',
    query: BuilderListQuery,
    answers: { 200: { description: 'A page of builders', type: MEDIA.json, schema: BuilderList } },
    problems: [],
  },
  {
    ...{ id: 'getBuilder', method: 'GET', path: '/v1/builders/{builder}', ...builder },
    summary: 'Tells how one builder stands',
    answers: { 200: { description: 'The builder', type: MEDIA.json, schema: BuilderView } },
    problems: ['no-such-builder'],
  },
  {
    ...{ id: 'listBuilderRounds', method: 'GET', ...builder },
    path: '/v1/builders/{builder}/rounds',
    summary: 'Lists the rounds that a builder was invited to, newest first',
    query: BuilderHistoryQuery,
    answers: {
      200: { description: 'A page of rounds', type: MEDIA.json, schema: BuilderHistory },
    },
    problems: ['bad-cursor', 'no-such-builder'],
  },
  {
    ...{ id: 'getBuilderAgreement', method: 'GET', ...builder },
    path: '/v1/builders/{builder}/agreement',
    summary: 'Counts how often a builder got what enough operators agreed on',
    answers: { 200: { description: 'The counts', type: MEDIA.json, schema: Agreement } },
    problems: ['no-such-builder'],
  },
  {
    ...{ id: 'listOperators', method: 'GET', path: '/v1/operators', tag },
    summary: 'Lists operators by name, as rosters have them',
    query: OperatorListQuery,
    answers: {
      200: { description: 'A page of operators', type: MEDIA.json, schema: OperatorList },
    },
    problems: [],
  },
  {
    ...{ id: 'getBuilderCredentials', method: 'GET', ...builder },
    path: '/v1/builders/{builder}/credentials',
    summary: 'Gives what a builder signs in to NATS with, good for nobody without its NATS key',
    answers: { 200: { description: 'A user JWT', type: MEDIA.json, schema: BuilderCredentials } },
    problems: ['no-such-builder', 'not-admitted'],
  },
  {
    ...{ id: 'getBuilderApplication', method: 'GET', ...builder, scope: 'builders' },
    path: '/v1/builders/{builder}/application',
    summary: "Gives what a builder sent to join, with its operator's contact",
    answers: {
      200: { description: 'The application', type: MEDIA.json, schema: BuilderApplicationView },
    },
    problems: ['no-such-builder'],
  },
  {
    ...{ id: 'approveBuilder', method: 'POST', path: '/v1/builders/{builder}/approve', ...builder },
    scope: 'builders',
    summary: 'Lets a builder in: logs its keys and the act',
    body: ApproveBuilder,
    answers: ORDERED,
    problems: ['no-such-builder', 'builder-status', 'application-changed', ...KEY_RECORD],
  },
  {
    ...{ id: 'calibrateBuilder', method: 'POST', ...builder, scope: 'builders' },
    path: '/v1/builders/{builder}/calibrate',
    summary: 'Has a builder rebuild what others reproduced',
    answers: { 200: { description: 'The round', type: MEDIA.json, schema: OpenRoundAnswer } },
    problems: [
      ...(['not-registered', 'nothing-to-calibrate-by', 'log-corrupt', 'log-behind'] as const),
      ...CHOOSING,
    ],
  },
  {
    ...{ id: 'orderBuilder', method: 'POST', path: '/v1/builders/{builder}/{order}', tag },
    scope: 'builders',
    summary: 'Pauses, resumes, drains, retires or revokes a builder',
    params: BuilderOrderParams,
    body: OrderBuilder,
    answers: ORDERED,
    problems: ['no-such-builder', 'builder-status', 'log-corrupt', 'log-behind'],
  },
  {
    ...{ id: 'enrolBuilder', method: 'POST', path: '/v1/enrolments', tag },
    summary: 'Asks for a builder to join; the signatures of operator and builder decide',
    body: Enrol,
    answers: {
      200: { description: 'Let in at once by an invite', type: MEDIA.json, schema: Enrolled },
      202: { description: 'Kept until it is approved', type: MEDIA.json, schema: Enrolled },
    },
    problems: [
      ...(['application-unusable', 'application-outdated', 'too-many-applications'] as const),
      ...(['tags-approved', 'invite-unusable', 'builder-status', 'too-many-keys'] as const),
      ...KEY_RECORD,
    ],
  },
  {
    ...{ id: 'obeyOrder', method: 'POST', path: '/v1/orders', tag },
    summary: "Carries out an operator's signed order",
    body: SignedOrder,
    answers: ORDERED,
    problems: [
      ...(['order-unusable', 'order-replayed', 'no-such-builder', 'builder-status'] as const),
      ...(['unknown-operator', 'too-many-keys'] as const),
      ...KEY_RECORD,
    ],
  },
  {
    ...{ id: 'makeInvite', method: 'POST', path: '/v1/invites', tag, scope: 'builders' },
    summary: 'Makes a one-time invite, and tells it this once',
    body: MakeInvite,
    answers: { 201: { description: 'The invite', type: MEDIA.json, schema: Invite } },
    problems: ['too-many-invites', 'log-corrupt', 'log-behind'],
  },
  {
    ...{ id: 'listInvites', method: 'GET', path: '/v1/invites', tag, scope: 'builders' },
    summary: 'Lists invites by id, without their secrets, and how they stand',
    query: InviteListQuery,
    answers: { 200: { description: 'A page of invites', type: MEDIA.json, schema: InviteList } },
    problems: [],
  },
  {
    ...{ id: 'withdrawInvite', method: 'DELETE', path: '/v1/invites/{id}', tag },
    scope: 'builders',
    summary: 'Withdraws an invite: nobody comes in by it any more',
    params: InviteParams,
    answers: { 200: { description: 'How it stands', type: MEDIA.json, schema: InviteView } },
    problems: ['no-such-invite', 'invite-used', 'log-corrupt', 'log-behind'],
  },
];
