import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Begins a declaration at the top of a file; the next one ends it. */
const DECLARATION = /^(?:export )?(?:async )?(?:function\*?|const|class) (\w+)/m;
const BEFORE_DECLARATION = /^(?=(?:export )?(?:async )?(?:function\*?|const|class) \w)/m;
const IMPORT = /^import \{([^}]*)\} from '(\.[^']*)\.js';$/gm;
/** What an action loads when it runs; the test runner writes the whole path. */
const LOADED = /const \{([^}]*)\} = await \w+\("[^"]*?\/src\/([^"]*\.ts)"\)/g;

interface SourceFile {
  /** Source of each declaration, by its name. */
  readonly declared: ReadonlyMap<string, string>;
  /** File that each imported name comes from. */
  readonly imported: ReadonlyMap<string, string>;
}

const read = new Map<string, SourceFile>();

/**
 * Gives the source of every function that an action of a command reaches through the files of the
 * command line, as one text. It goes by names, so it may have more than really runs, never less.
 */
export function reachedBy(action: string): string {
  const seen = new Map<string, string>();
  for (const [, names = '', path = ''] of action.matchAll(LOADED)) {
    for (const name of namesIn(names)) reach(join(import.meta.dirname, path), name, seen);
  }
  return [...seen.values()].join('\n');
}

function reach(file: string, name: string, seen: Map<string, string>): void {
  const key = `${file} ${name}`;
  if (seen.has(key)) return;
  const { declared, imported } = sourceOf(file);
  const text = declared.get(name) ?? '';
  seen.set(key, text);
  for (const word of new Set(text.match(/\w+/g))) {
    const from = declared.has(word) ? file : imported.get(word);
    if (from !== undefined) reach(from, word, seen);
  }
}

function sourceOf(file: string): SourceFile {
  const known = read.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8');
  const source: SourceFile = {
    declared: new Map(
      text.split(BEFORE_DECLARATION).map((part) => [DECLARATION.exec(part)?.[1] ?? '', part]),
    ),
    imported: new Map(
      [...text.matchAll(IMPORT)].flatMap(([, names = '', path = '']) =>
        namesIn(names).map((name) => [name, join(dirname(file), `${path}.ts`)]),
      ),
    ),
  };
  read.set(file, source);
  return source;
}

function namesIn(list: string): readonly string[] {
  return list.split(',').flatMap((each) => {
    const name = each.trim();
    return name === '' || name.startsWith('type ') ? [] : [name];
  });
}
