import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { Asset } from './asset.js';
import { isPageRenderer, type PageRenderer } from './page-renderer.js';

/** Where the pages were built: beside what runs, or below `dist` where this runs from its source. */
const FOLDERS = [
  join(import.meta.dirname, '../../../dashboard'),
  join(import.meta.dirname, '../../../../dist/services/dashboard'),
];
const ENTRY = 'src/entry-client.tsx';

const Manifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    css: z.array(z.string()).default([]),
    imports: z.array(z.string()).default([]),
  }),
);
type Manifest = z.infer<typeof Manifest>;

/** The pages as they were built. */
export interface BuiltPages {
  readonly renderer: PageRenderer;
  /** Names of the files that every page loads. */
  readonly script: string;
  readonly modules: readonly string[];
  readonly styles: readonly string[];
  readonly assets: ReadonlyMap<string, Asset>;
}

// Maps, because a file may be called `constructor`.
const TYPES: ReadonlyMap<string, string> = new Map([
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.woff2', 'font/woff2'],
  ['.json', 'application/json'],
  ['.wasm', 'application/wasm'],
]);

/** Loads the pages into memory; null where nobody has built them. */
export async function loadPages(folders: readonly string[] = FOLDERS): Promise<BuiltPages | null> {
  for (const folder of folders) {
    const text = await readFile(join(folder, 'client/.vite/manifest.json'), 'utf8').catch(
      () => null,
    );
    if (text === null) continue;
    const renderer: unknown = await import(
      pathToFileURL(join(folder, 'server/entry-server.js')).href
    );
    const manifest = Manifest.parse(JSON.parse(text));
    if (!isPageRenderer(renderer)) return null;
    return { renderer, ...entryOf(manifest), assets: await readAssets(join(folder, 'client')) };
  }
  return null;
}

function entryOf(manifest: Manifest): Pick<BuiltPages, 'script' | 'modules' | 'styles'> {
  const entry = manifest[ENTRY];
  const imported = (entry?.imports ?? []).flatMap((name) => manifest[name] ?? []);
  return {
    script: entry?.file ?? '',
    modules: imported.map(({ file }) => file),
    styles: [...new Set([...imported.flatMap(({ css }) => css), ...(entry?.css ?? [])])],
  };
}

async function readAssets(folder: string): Promise<ReadonlyMap<string, Asset>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const assets = await Promise.all(
    files.map(async ({ name }): Promise<readonly [string, Asset]> => {
      const type = TYPES.get(extname(name)) ?? 'application/octet-stream';
      return [name, new Asset(await readFile(join(folder, name)), type)];
    }),
  );
  return new Map(assets);
}
