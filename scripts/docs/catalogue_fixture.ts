/** Objects for tests that need no database; each test names only what it is about. */
import type { Catalogue, Column, Constraint, Relation, Routine } from "./catalogue.ts";

export function column(name: string, changes: Partial<Column> = {}): Column {
  return { name, type: "bigint", nullable: false, default: null, comment: null, ...changes };
}

export function constraint(
  kind: Constraint["kind"],
  columns: string[],
  changes: Partial<Constraint> = {},
): Constraint {
  const name = `${columns.join("_")}_${kind.replace(" ", "_")}`;
  return { name, kind, definition: kind, columns, references: null, comment: null, ...changes };
}

/** A foreign key. */
export function reference(columns: string[], schema: string, table: string): Constraint {
  return constraint("foreign key", columns, { references: { schema, table } });
}

export function relation(name: string, changes: Partial<Relation> = {}): Relation {
  return {
    schema: "shop",
    name,
    kind: "table",
    comment: null,
    unlogged: false,
    partitionKey: null,
    rowSecurity: "on",
    options: [],
    columns: [column("id")],
    constraints: [],
    indexes: [],
    policies: [],
    triggers: [],
    grants: [],
    ...changes,
  };
}

export function routine(name: string, changes: Partial<Routine> = {}): Routine {
  return {
    schema: "shop",
    name,
    kind: "function",
    comment: null,
    arguments: [],
    result: "void",
    language: "sql",
    volatility: "stable",
    security: "invoker",
    parallel: "safe",
    strict: false,
    settings: [],
    execute: [],
    ...changes,
  };
}

/** A catalogue whose schemas are those that the objects name. */
export function catalogue(changes: Partial<Catalogue> = {}): Catalogue {
  const { relations = [], routines = [], types = [] } = changes;
  const names = [...relations, ...routines, ...types].map((object) => object.schema);
  const schemas = [...new Set(names)].sort().map((name) => ({ name, comment: null, usage: [] }));
  return { schemas, relations, routines, types, errors: null, ...changes };
}
