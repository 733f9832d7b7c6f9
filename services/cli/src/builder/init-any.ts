import { CommandError, EXIT } from '../exit.js';
import { initBuilder, type InitOptions } from './init.js';
import { initBuilderDir, type InitDirOptions } from './registry/init-dir.js';

/**
 * Makes a builder's folder, or one key.
 *
 * @throws CommandError usage
 */
export async function initAnyBuilder(
  options: Partial<InitOptions> &
    Omit<Partial<InitDirOptions>, 'joins'> &
    Pick<InitDirOptions, 'joins'>,
): Promise<void> {
  const { dir, key, witnessKey } = options;
  const isFolder = dir !== undefined && key === undefined && witnessKey === undefined;
  if (isFolder) return initBuilderDir({ ...options, dir });
  if (dir === undefined && key !== undefined) return initBuilder({ ...options, key });
  throw new CommandError(
    EXIT.usage,
    'name a folder for everything by --dir DIR, or a file for one key by --key FILE',
  );
}
