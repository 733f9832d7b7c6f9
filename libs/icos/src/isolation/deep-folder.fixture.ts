import { execa } from 'execa';

/** Beyond 4096 bytes no call of the kernel takes a path. */
const DESCEND = `const fs = require('node:fs');
const name = 'deep'.repeat(50);
for (let depth = 0; depth < 40; depth += 1) { fs.mkdirSync(name); process.chdir(name); }`;

/** Nests folders in one, deeper than a path can tell, and runs a program of Node's in the last of them. */
export async function runDeepIn(folder: string, program: string): Promise<void> {
  await execa(process.execPath, ['--eval', `${DESCEND}\n${program}`], { cwd: folder });
}
