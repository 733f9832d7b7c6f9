/**
 * Where tools are looked for when nothing else is said. Not this process's own PATH: that one may
 * begin with a folder that a build can write to.
 */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
