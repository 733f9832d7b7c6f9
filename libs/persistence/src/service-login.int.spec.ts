import { afterEach, expect, test } from 'vitest';
import { connectDatabase, useDataSource } from '#libs/testing';
import { setServiceLogin } from './index.js';

const dataSource = useDataSource();
/** Any name is one: it is quoted. */
const role = `a "service's" role of ${process.pid}`;

afterEach(async () => {
  await dataSource().query(`DROP ROLE ${dataSource().driver.escape(role)}`);
});

/** Whom the server takes somebody for who comes with this password. */
async function signIn(password: string): Promise<unknown> {
  const url = new URL((dataSource().options as { url: string }).url);
  [url.username, url.password] = [encodeURIComponent(role), password];
  const service = await connectDatabase(url.href);
  try {
    return await service.query(
      'SELECT current_user AS "role", rolsuper AS "isSuperuser" FROM pg_roles WHERE rolname = current_user',
    );
  } finally {
    await service.destroy();
  }
}

test('a role that was missing signs in by its password, and by no other', async () => {
  await setServiceLogin(dataSource(), role, 'first');
  expect(await signIn('first')).toEqual([{ role, isSuperuser: false }]);
  await expect(signIn('second')).rejects.toThrow('password authentication failed');
});

test('a password that is set anew takes the place of the one before', async () => {
  await setServiceLogin(dataSource(), role, 'first');
  await setServiceLogin(dataSource(), role, 'second');
  expect(await signIn('second')).toEqual([{ role, isSuperuser: false }]);
  await expect(signIn('first')).rejects.toThrow('password authentication failed');
});

test('a role that could not sign in can', async () => {
  await dataSource().query(`CREATE ROLE ${dataSource().driver.escape(role)} NOLOGIN`);
  await setServiceLogin(dataSource(), role, 'first');
  expect(await signIn('first')).toEqual([{ role, isSuperuser: false }]);
});

test('what the server is sent is no password, whatever it would make of one', async () => {
  const { url } = dataSource().options as { url: string };
  const weak = await connectDatabase(`${url}?options=-c%20password_encryption%3Dmd5`);
  await setServiceLogin(weak, role, 'first').finally(() => weak.destroy());
  const [kept] = await dataSource().query<{ rolpassword: string }[]>(
    'SELECT rolpassword FROM pg_authid WHERE rolname = $1',
    [role],
  );
  expect(kept?.rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/);
  expect(await signIn('first')).toHaveLength(1);
});
