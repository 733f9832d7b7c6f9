// Before any schema is made.
import { zodConfig } from './zod-without-eval.js';
import { hydrateRoot } from 'react-dom/client';
import { App } from './app.js';
import type { PageData } from './page-data.js';

const root = document.getElementById('root');
const data = document.getElementById('data')?.textContent;
// The page is readable as it came: scripts only add to it.
if (root !== null && data !== undefined && zodConfig.jitless === true) {
  hydrateRoot(root, <App data={JSON.parse(data) as PageData} />);
}
