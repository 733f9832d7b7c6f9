import 'reflect-metadata';
import { z } from 'zod';
import { grantService, setServiceLogin } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { openDatabase } from './archive/open-database.js';
import { Config } from './config.js';
import { remedied } from './database-refusal.js';
import { failCommand } from './failed-command.js';
import { updateSchema } from './schema.js';

const Settings = Config.pick({ DATABASE_URL: true })
  .extend({
    /** Role as which coordinators sign in, where it does not own the tables: gets what it needs of them. */
    SERVICE_ROLE: z.string().min(1).max(63).optional(),
    /** Its password from now on; the role is made where it is missing. Neither changes without it. */
    SERVICE_PASSWORD: z
      .string()
      .regex(/^[\w.~-]+$/, 'expected letters, digits and .~_- alone: it stands in a URL')
      .optional(),
  })
  .refine((read) => read.SERVICE_PASSWORD === undefined || read.SERVICE_ROLE !== undefined, {
    message: 'whose password is it? Name the role, too',
    path: ['SERVICE_ROLE'],
  });

/** Brings the schema of a database up to date and ends: what a coordinator does when it starts. */
try {
  const { DATABASE_URL, ...service } = readConfig(Settings, process.env);
  const { SERVICE_ROLE: role, SERVICE_PASSWORD: password } = service;
  const dataSource = await openDatabase(DATABASE_URL);
  try {
    await updateSchema(dataSource);
    if (role !== undefined && password !== undefined) {
      await setServiceLogin(dataSource, role, password);
    }
    if (role !== undefined) await grantService(dataSource, role);
  } finally {
    await dataSource.destroy();
  }
  process.stderr.write('migrate: the schema is up to date\n');
} catch (error) {
  const remedies = {
    undefinedObject: 'make it, with LOGIN and a password, or have it made by SERVICE_PASSWORD',
    insufficientPrivilege:
      'sign in as the owner of the tables, and one who may make roles where SERVICE_PASSWORD is set',
  };
  failCommand('migrate', remedied(error, remedies));
}
