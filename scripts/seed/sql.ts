/** A value of an SQL literal. Dates are written to the minute, in UTC. */
export type Value =
  | string
  | number
  | boolean
  | Date
  | null
  | undefined
  | Value[]
  | { [key: string]: unknown };

/** Kinds of rows, by the first digits of their fixed ids. */
export const ID_PREFIXES = {
  area: "d0000000",
  business: "b0000000",
  category: "c0000000",
  response: "f0000000",
  review: "e0000000",
  user: "a0000000",
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** The fixed id of a row: a valid uuid of version 4, told apart by kind and number. */
export function id(kind: IdKind, number: number): string {
  return `${ID_PREFIXES[kind]}-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** The expression that makes the same id in SQL, which keeps the file small. */
export function idExpression(kind: IdKind, column: string): string {
  return `('${ID_PREFIXES[kind]}-0000-4000-8000-' || lpad(${column}::text, 12, '0'))::uuid`;
}

/** A time as it is stored: to the minute, in UTC. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")}Z`;
}

/** An element of an array literal, in quotes only where Postgres needs them. */
function element(text: string): string {
  if (/^[\w-]+( [\w-]+)*$/.test(text) && text.toLowerCase() !== "null") return text;
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function quote(text: string): string {
  if (text.includes("\0")) throw new Error("a text with a zero byte has no place in Postgres");
  return `'${text.replaceAll("'", "''")}'`;
}

/** An SQL literal. Lists become Postgres arrays, other objects JSON; the query casts both. */
export function literal(value: Value): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new Error(`${value} is not a number for SQL`);
    return String(value);
  }
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return quote(value);
  if (value instanceof Date) return quote(timestamp(value));
  if (Array.isArray(value)) {
    return quote(`{${value.map((entry) => element(String(entry))).join(",")}}`);
  }
  return quote(JSON.stringify(value));
}

export interface Column<Row> {
  name: string;
  /** The value written in the list; absent when the expression needs none of its own. */
  value?: (row: Row) => Value;
  /** What is inserted; the plain value of the column, cast to the type, when absent. */
  expression?: string;
  type?: string;
}

export interface Insertion<Row> {
  table: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  /** Columns of the key by which a row is known to be there already. */
  key: string;
  /** A with clause before the insert, or more sources after the list. */
  with?: string;
  from?: string;
}

/** The CLI refuses a statement of more than 256 KiB; this leaves room for the head. */
const STATEMENT_BYTES = 240_000;

/**
 * Insert statements for the rows, as few as the size of a statement allows: triggers of the tables
 * work once a statement. A row that is there already stays as it is.
 */
export function insert<Row>(insertion: Insertion<Row>): string[] {
  const { table, columns, rows, key } = insertion;
  const listed = columns.filter((column) => column.value !== undefined);
  const encoder = new TextEncoder();

  const chunks: string[][] = [];
  let size = Infinity;
  for (const row of rows) {
    const line = `  (${listed.map((column) => literal(column.value!(row))).join(", ")})`;
    const bytes = encoder.encode(line).length + 2;
    if (size + bytes > STATEMENT_BYTES) {
      chunks.push([]);
      size = 0;
    }
    chunks[chunks.length - 1].push(line);
    size += bytes;
  }

  const expressions = columns.map((column) =>
    column.expression ??
      (column.type === undefined ? `entry.${column.name}` : `entry.${column.name}::${column.type}`)
  );
  return chunks.map((lines) =>
    [
      ...(insertion.with === undefined ? [] : [insertion.with]),
      `insert into ${table} (`,
      wrap(columns.map((column) => column.name)),
      ")",
      "select",
      expressions.map((expression) => `  ${expression}`).join(",\n"),
      "from (values",
      lines.join(",\n"),
      `) as entry (${listed.map((column) => column.name).join(", ")})`,
      ...(insertion.from === undefined ? [] : [insertion.from]),
      `on conflict (${key}) do nothing;`,
    ].join("\n")
  );
}

function wrap(words: string[]): string {
  const lines: string[] = [];
  let line = " ";
  words.forEach((word, index) => {
    const piece = index < words.length - 1 ? `${word},` : word;
    if (line.length + 1 + piece.length > 100) {
      lines.push(line);
      line = " ";
    }
    line += ` ${piece}`;
  });
  return [...lines, line].join("\n");
}
