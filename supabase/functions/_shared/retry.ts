/** Repeats calls that failed through no fault of theirs. */

/** What an answer of the API must show for a retry to judge it; answers of supabase-js fit. */
export interface Answer {
  error: { code: string } | null;
  /** HTTP status; 0 when no answer came. */
  status: number;
}

/** How often and how patiently to repeat. */
export interface RetryPolicy {
  /** Calls in all, the first one included. */
  attempts: number;
  /** Longest wait before the second call, in milliseconds; it doubles with each further one. */
  baseDelay: number;
  /** Longest wait before any call, in milliseconds. */
  longestDelay: number;
  /** Once aborted, no further call is made. */
  signal?: AbortSignal;
}

/** Four calls within at most 0.7 s of waiting. */
export const DEFAULT_POLICY: RetryPolicy = { attempts: 4, baseDelay: 100, longestDelay: 1_000 };

/**
 * Two transactions met (40001, 40P01), the connection to the database was lost (class 08, 57P01 to
 * 57P03, and what PostgREST makes of it), or the API could not be reached.
 */
export function isTransient({ error, status }: Answer): boolean {
  if (!error) return false;
  return status === 0 || /^(40001|40P01|08...|57P0[123]|PGRST00[0-3])$/.test(error.code);
}

/**
 * Makes a call, and makes it again while its answer is transient. Only for calls that may run twice
 * without harm: after a lost connection nobody knows whether the first one took effect.
 *
 * The wait before each repetition is drawn between 0 and a bound that doubles ("full jitter"), so
 * that callers who failed together do not return together.
 *
 * ```ts
 * const answer = await retryIdempotent(() => client.rpc("search_businesses", { search_query }));
 * ```
 *
 * @returns the first answer that is not transient, else the last one; never throws by itself
 */
export async function retryIdempotent<T extends Answer>(
  call: () => PromiseLike<T>,
  policy: RetryPolicy = DEFAULT_POLICY,
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    const answer = await call();
    if (attempt >= policy.attempts || !isTransient(answer) || policy.signal?.aborted) return answer;
    const bound = Math.min(policy.longestDelay, policy.baseDelay * 2 ** (attempt - 1));
    await sleep(Math.random() * bound);
    if (policy.signal?.aborted) return answer;
  }
}

const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
