import { plain } from '#libs/contracts';
import { bodyOf, problemOf, type PageData } from '../page-data.js';
import type { Route } from '../route.js';

const SITE = 'Repro Quorum';

/** Names a page for its tab and its bookmark; what a round came to stands first. */
export function titleOfPage(route: Route, data: PageData): string {
  const words = problemOf(route, data) === null ? wordsOf(route, data) : 'Not shown';
  return words === '' ? SITE : `${words} · ${SITE}`;
}

function wordsOf({ page, params }: Route, data: PageData): string {
  switch (page) {
    case 'rounds':
      return '';
    case 'round':
    case 'print':
    case 'proposal':
      return plain(bodyOf(data, 'report')?.headline ?? '', 120);
    case 'builders':
      return 'Builders';
    case 'builder':
      return `Builder ${(params['builder'] ?? '').slice(0, 11)}`;
    case 'log':
      return 'Transparency log';
    case 'attestation':
      return `Attestation ${(params['sha256'] ?? '').slice(0, 12)}`;
    case 'groups':
      return 'Groups';
    case 'group':
      return plain(bodyOf(data, 'group')?.name ?? '', 120);
    case 'nowhere':
      return 'No such page';
  }
}
