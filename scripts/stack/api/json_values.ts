/** Keeps the JSON values of a request as the client sent them, on their way through lite. */

/**
 * A JSON value for the database. lite encodes it by JSON.stringify, or hands it on as it is and the
 * driver encodes it; either way its text is the value's JSON. A bare string would be taken for JSON
 * text, and a bare boolean for a value of type boolean.
 */
class JsonValue {
  constructor(private readonly value: unknown) {}

  toJSON(): unknown {
    return this.value;
  }
}

/** What the driver sends for a json or jsonb parameter: text is JSON already. */
export const jsonText = (value: unknown) =>
  typeof value === "string" ? value : JSON.stringify(value);

/** Types by the name of a column or parameter, as PostgreSQL prints them. */
export type Types = Map<string, string>;

const isJson = (type: string | undefined) => /^jsonb?$/i.test(type ?? "");
const isJsonArray = (type: string | undefined) => /^(_jsonb?|jsonb?\[\])$/i.test(type ?? "");
const keep = (value: unknown) => value === null ? null : new JsonValue(value);

/** A row to write, or the arguments of a call. */
export function keepJson(row: object, types: Types): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const type = types.get(name);
      if (isJson(type)) return [name, keep(value)];
      if (isJsonArray(type) && Array.isArray(value)) return [name, value.map(keep)];
      return [name, value];
    }),
  );
}

/** Operators that compare a column with one value. */
const COMPARISONS = new Set([
  ...["$eq", "$neq", "$gt", "$gte", "$lt", "$lte"],
  ...["$contains", "$containedBy"],
]);

type Filters = Record<string, unknown>;

/** The filters of a request, such as `{ "data->a": { $eq: true }, $or: [{ id: { $gt: 1 } }] }`. */
export function keepJsonFilters(filters: Filters, types: Types): Filters {
  const ofJson = (name: string) => isJson(types.get(name.split("->")[0])) && !name.includes("->>");
  const walk = (filters: unknown, inJson: boolean): unknown => {
    if (Array.isArray(filters)) return filters.map((filter) => walk(filter, inJson));
    if (typeof filters !== "object" || filters === null) return filters;
    return Object.fromEntries(
      Object.entries(filters).map(([key, value]) => {
        if (inJson && COMPARISONS.has(key)) return [key, filterValue(value)];
        return [key, walk(value, key.startsWith("$") ? inJson : ofJson(key))];
      }),
    );
  };
  return walk(filters, false) as Filters;
}

/** lite has read numbers and booleans, and taken the quotes from `"text"`; lists are still text. */
function filterValue(value: unknown): unknown {
  const isText = typeof value === "string" && /^\s*[[{]/.test(value);
  return isText ? value : keep(value);
}
