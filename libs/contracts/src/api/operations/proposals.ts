import { ProposalEvidence } from '../../http/http.js';
import { ProposalList, ProposalListQuery } from '../../http/queries/proposal-list.js';
import { Report } from '../../report/report.js';
import { MEDIA, type Operation } from '../operation.js';
import { ProposalParams } from '../parameters.js';
import { GOVERNANCE } from '../shared.js';

const proposal = { tag: 'proposals', params: ProposalParams } as const;

/** Routes below `/v1/proposals`. */
export const PROPOSAL_OPERATIONS: readonly Operation[] = [
  {
    ...{ id: 'listProposals', method: 'GET', path: '/v1/proposals', tag: 'proposals' },
    summary: 'Lists proposals with their newest rounds, the highest id first',
    query: ProposalListQuery,
    answers: {
      200: { description: 'A page of proposals', type: MEDIA.json, schema: ProposalList },
    },
    problems: ['bad-cursor'],
  },
  {
    ...{ id: 'getProposalReport', method: 'GET', ...proposal },
    path: '/v1/proposals/{proposal}/report',
    summary: "Gives the report of a proposal's newest round, or what it means without one",
    answers: { 200: { description: 'The report', type: MEDIA.json, schema: Report } },
    problems: ['no-such-proposal', 'no-round-yet', 'archived', ...GOVERNANCE],
  },
  {
    ...{ id: 'getProposalEvidence', method: 'GET', ...proposal },
    path: '/v1/proposals/{proposal}/evidence',
    summary: 'Gives what proves a proposal: its raw payload, and the certified read of it',
    answers: {
      200: { description: 'Request and certificate', type: MEDIA.json, schema: ProposalEvidence },
    },
    problems: ['no-such-proposal'],
  },
];
