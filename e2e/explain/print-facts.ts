import process from 'node:process';
import { readMachine, readUmask } from '#libs/fingerprint';

/** Where the agent would look, and as whom; the rest is read from the surroundings themselves. */
export interface FactsRequest {
  readonly buildDir: string;
  readonly tempDir: string;
  readonly home: string;
  readonly user: { readonly name: string; readonly groupId: number } | null;
}

// Prints the machine's facts as an agent would measure them that runs in these surroundings.
const { user, ...where } = JSON.parse(process.argv[2] ?? '') as FactsRequest;
// Loaded as whoever starts it: the checkout need not be in the other user's reach.
if (user !== null) {
  process.setgroups?.([user.groupId]);
  process.setgid?.(user.groupId);
  process.setuid?.(user.name);
}
const cacheDir = where.home;
const facts = await readMachine({ ...where, cacheDir, env: process.env, umask: await readUmask() });
process.stdout.write(JSON.stringify(facts));
