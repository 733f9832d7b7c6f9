import { writeFile } from 'node:fs/promises';
import { openAuthority } from '#libs/nats-authority';

/**
 * Writes the lines by which a nats-server knows the authority in a folder, which is made where it is
 * missing: `nats-config.main.js AUTHORITY_DIR RESOLVER_DIR [FILE]`. RESOLVER_DIR is on the server's own
 * disk; without FILE the lines are printed. Nothing in them is secret.
 */
const [dir, resolverDir, file] = process.argv.slice(2);
if (dir === undefined || resolverDir?.startsWith('/') !== true) {
  process.stderr.write('usage: nats-config.main.js AUTHORITY_DIR RESOLVER_DIR [FILE]\n');
  process.exitCode = 2;
} else {
  const lines = (await openAuthority(dir)).serverConfig({ resolverDir });
  if (file === undefined) process.stdout.write(lines);
  else await writeFile(file, lines, { mode: 0o644 });
}
