/** Draws the tables of a schema as a Mermaid entity relationship diagram. */
import type { Constraint, Relation } from "./catalogue.ts";

/** Types whose name in SQL has spaces, under the short names that Postgres also knows. */
const SHORT_TYPES: Record<string, string> = {
  "timestamp with time zone": "timestamptz",
  "timestamp without time zone": "timestamp",
  "time with time zone": "timetz",
  "time without time zone": "time",
  "double precision": "float8",
  "character varying": "varchar",
  "bit varying": "varbit",
};

/**
 * Draws the schema's tables with their key columns, and a line for each foreign key. Tables of other
 * schemas that a key points to appear under their full name.
 *
 * @param tables the tables of one schema
 */
export function erDiagram(tables: readonly Relation[]): string {
  const lines = ["erDiagram"];
  for (const table of tables) {
    const attributes = keyColumns(table);
    if (attributes.length === 0) lines.push(`  ${entity(table.name)} {}`);
    else lines.push(`  ${entity(table.name)} {`, ...attributes.map((line) => `    ${line}`), "  }");
  }
  for (const table of tables) {
    for (const constraint of table.constraints) {
      if (constraint.references) lines.push(`  ${relationship(table, constraint)}`);
    }
  }
  return lines.join("\n");
}

function keyColumns(table: Relation): string[] {
  const inKey = (kind: Constraint["kind"], column: string) =>
    table.constraints.some((key) => key.kind === kind && key.columns.includes(column));
  const isKey = (column: string) =>
    table.constraints.some((key) =>
      key.kind === "unique" && key.columns.length === 1 && key.columns[0] === column
    );
  return table.columns.flatMap((column) => {
    const marks = [
      ...inKey("primary key", column.name) ? ["PK"] : [],
      ...inKey("foreign key", column.name) ? ["FK"] : [],
      ...isKey(column.name) ? ["UK"] : [],
    ];
    return marks.length === 0
      ? []
      : [`${word(shortType(column.type))} ${word(column.name)} ${marks.join(", ")}`];
  });
}

/** One foreign key. The parent may be absent when the key may be null. */
function relationship(table: Relation, key: Constraint): string {
  const { schema, table: target } = key.references!;
  const parent = schema === table.schema ? target : `${schema}.${target}`;
  const optional = table.columns.some(
    (column) => key.columns.includes(column.name) && column.nullable,
  );
  const line = `${optional ? "|o" : "||"}--${isUnique(table, key.columns) ? "o|" : "o{"}`;
  return `${entity(parent)} ${line} ${entity(table.name)} : "${label(key.columns.join(", "))}"`;
}

/** True when two rows cannot hold the same values in these columns. */
function isUnique(table: Relation, columns: readonly string[]): boolean {
  const covers = (key: readonly string[]) =>
    key.length > 0 && key.every((column) => columns.includes(column));
  return table.constraints.some((constraint) =>
    (constraint.kind === "primary key" || constraint.kind === "unique") &&
    covers(constraint.columns)
  ) || table.indexes.some((index) => covers(index.uniqueColumns));
}

/** The type without its schema and with no character that Mermaid refuses in an attribute. */
function shortType(type: string): string {
  const modifier = /\([^)]*\)/.exec(type)?.[0] ?? "";
  const array = type.endsWith("[]") ? "[]" : "";
  const base = type.replace(modifier, "").replace("[]", "").trim();
  return (SHORT_TYPES[base] ?? base.slice(base.lastIndexOf(".") + 1)) + modifier + array;
}

function word(text: string): string {
  return text.replace(/[^A-Za-z0-9_()[\]-]+/g, "_").replace(/^(?![A-Za-z_])/, "_");
}

/** Names stand in quotes, since some words mean something to Mermaid; it knows no escape for these. */
function entity(name: string): string {
  return `"${label(name)}"`;
}

function label(text: string): string {
  return text.replace(/["%\\\r\n]/g, "_");
}
