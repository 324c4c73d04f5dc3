/** Reads what a request asks for. Only its shape is checked here; what it may ask, SQL decides. */

import type { z } from "zod";
import { RequestError } from "./errors.ts";

/** Longest body that is read, in bytes: far above any honest request, far below a nuisance. */
const LONGEST_BODY = 100_000;

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The input of a request, by its schema: the query string of a GET, else the JSON body.
 *
 * @param numbers parameters that a query string writes as text and the schema wants as numbers
 * @throws RequestError 400 INVALID_JSON or INVALID_INPUT, 413 BODY_TOO_LARGE
 */
export async function readInput<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  numbers: readonly string[] = [],
): Promise<z.output<Schema>> {
  const given = request.method === "GET"
    ? fromQueryString(new URL(request.url).searchParams, numbers)
    : await fromBody(request);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new RequestError(400, "INVALID_INPUT", "The request does not have the right shape.", {
    hint: "Each problem names the field that it is about.",
    problems: parsed.error.issues.flatMap(problemsOf),
  });
}

/** A field that is wrong, and why. The field is empty when it is the input as a whole. */
interface Problem {
  field: string;
  problem: string;
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((field) => ({ field, problem: "There is no such field." }));
  }
  return [{ field: issue.path.join("."), problem: issue.message }];
}

/** A parameter given twice stays a list, and what is no number stays text: the schema says so. */
function fromQueryString(
  parameters: URLSearchParams,
  numbers: readonly string[],
): Record<string, unknown> {
  const names = [...new Set(parameters.keys())];
  return Object.fromEntries(names.map((name) => {
    const values = parameters.getAll(name).map((text) =>
      numbers.includes(name) && NUMBER.test(text) ? Number(text) : text
    );
    return [name, values.length === 1 ? values[0] : values];
  }));
}

async function fromBody(request: Request): Promise<unknown> {
  const text = await readText(request);
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestError(400, "INVALID_JSON", "The body is not JSON.", {
      hint: 'Send an object, as in {"name": "value"}.',
    });
  }
}

/** Stops reading where the limit is, whatever length the request claims to have. */
async function readText(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > LONGEST_BODY) {
      throw new RequestError(413, "BODY_TOO_LARGE", "The body is too long.", {
        hint: `Send at most ${LONGEST_BODY} bytes.`,
      });
    }
    chunks.push(chunk);
  }
  return await new Blob(chunks as BlobPart[]).text();
}
