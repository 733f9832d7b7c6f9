import { PROBLEM_BASE, PROBLEM_CODES, Problem, type ProblemCode } from '#libs/contracts';

/**
 * What a request failed with: the code of the problem that was answered; `unknown-problem` for one that
 * this version does not know, or an error that is no problem at all; `no-answer` where nobody answered.
 */
export type ApiErrorCode = ProblemCode | 'unknown-problem' | 'no-answer';

/** The one error that the client has. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly code: ApiErrorCode,
    message: string,
    /** Of HTTP; null where nobody answered. */
    readonly status: number | null,
    /** As it was answered; null where the answer was none. */
    readonly problem: Problem | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Makes the error of an answer whose status is one. */
export async function errorOf(response: Response): Promise<ApiError> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => null);
  const { data: problem = null } = Problem.safeParse(body);
  if (problem === null) {
    return new ApiError('unknown-problem', `the answer has status ${status}`, status, null);
  }
  const code = problem.type.slice(PROBLEM_BASE.length + 1);
  const isKnown = problem.type.startsWith(`${PROBLEM_BASE}/`) && Object.hasOwn(PROBLEM_CODES, code);
  const own = isKnown ? (code as ProblemCode) : 'unknown-problem';
  return new ApiError(own, problem.detail, status, problem);
}
