import type { ComponentType } from 'react';
import type { PageProps } from '../page-props.js';
import type { PageName } from '../route.js';
import { AttestationPage } from './attestation/attestation-page.js';
import { BuilderPage } from './builder/builder-page.js';
import { BuildersPage } from './builders/builders-page.js';
import { GroupPage } from './group/group-page.js';
import { GroupsPage } from './group/groups-page.js';
import { LogPage } from './log/log-page.js';
import { NowherePage } from './problem/nowhere-page.js';
import { PrintRoute } from './print/print-route.js';
import { ProposalPage } from './proposal/proposal-page.js';
import { RoundRoute } from './round/round-route.js';
import { RoundsPage } from './rounds/rounds-page.js';

const PAGES: Readonly<Record<PageName, ComponentType<PageProps>>> = {
  rounds: RoundsPage,
  round: RoundRoute,
  print: PrintRoute,
  proposal: ProposalPage,
  builders: BuildersPage,
  builder: BuilderPage,
  log: LogPage,
  attestation: AttestationPage,
  groups: GroupsPage,
  group: GroupPage,
  nowhere: NowherePage,
};

/** Gives what draws a page. */
export function pageOf(name: PageName): ComponentType<PageProps> {
  return PAGES[name];
}
