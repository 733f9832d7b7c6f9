import createClient, { type Client } from 'openapi-fetch';
import { ApiError, errorOf } from './error.js';
import type { paths } from './golden/paths.js';

/** A coordinator's HTTP API, typed by its OpenAPI document. */
export type ApiClient = Client<paths>;

/**
 * Makes a client. What it asks rejects with an {@link ApiError} unless it was answered well.
 *
 * @param options - address of the coordinator, such as `https://quorum.example`, and an access token
 *   for what needs one; with a token no redirection is followed, so that it stays where it was sent
 */
export function createApiClient({
  url,
  token,
}: {
  readonly url: string;
  readonly token?: string;
}): ApiClient {
  const client = createClient<paths>({
    baseUrl: url,
    ...(token !== undefined && {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'error' as const,
    }),
  });
  client.use({
    onResponse: async ({ response }) => {
      if (!response.ok && response.status !== 304) throw await errorOf(response);
    },
    onError: ({ error }) =>
      new ApiError('no-answer', `nobody answers at ${url}`, null, null, { cause: error }),
  });
  return client;
}

/**
 * Gives what was answered.
 *
 * @throws ApiError
 */
export async function answerOf<Data>(
  asked: Promise<{ readonly data?: Data; readonly response: Response }>,
): Promise<Exclude<Data, undefined>> {
  const { data, response } = await asked;
  if (data !== undefined) return data as Exclude<Data, undefined>;
  throw new ApiError('unknown-problem', 'the answer has no body', response.status, null);
}
