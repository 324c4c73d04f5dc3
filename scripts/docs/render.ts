/** Turns a catalogue into the pages of docs/schema. It reads nothing else, so it is deterministic. */
import {
  type Argument,
  type Catalogue,
  type ErrorCode,
  type Grant,
  type Relation,
  type Routine,
  type Schema,
  type TypeDefinition,
} from "./catalogue.ts";
import { erDiagram } from "./diagram.ts";
import {
  Anchors,
  code,
  codeBlock,
  codeCell,
  heading,
  paragraphs,
  table,
  textCell,
} from "./markdown.ts";

/** The first lines of each page. `deno fmt` would pad every table to its widest cell. */
export const GENERATED_MARK = [
  "<!-- deno-fmt-ignore-file -->",
  "<!-- Generated from the comments in the database: change those, then run `npm run docs`. -->",
].join("\n");

/**
 * Renders every page: the name of the file, and its text.
 *
 * @param exposedSchemas the schemas that the API serves, from supabase/config.toml
 * @throws Error when two pages would have the same name
 */
export function renderPages(
  catalogue: Catalogue,
  exposedSchemas: readonly string[],
): Map<string, string> {
  const pages = new Map<string, string>();
  const add = (name: string, blocks: string[]) => {
    if ([...pages.keys()].some((other) => other.toLowerCase() === name.toLowerCase())) {
      throw new Error(`Two pages would be named ${name}. Rename the schema.`);
    }
    pages.set(name, [GENERATED_MARK, ...blocks].join("\n\n") + "\n");
  };
  const links = new PageLinks(catalogue);
  add("README.md", indexPage(catalogue, exposedSchemas, links));
  if (catalogue.errors) add("errors.md", errorsPage(catalogue.errors));
  for (const schema of catalogue.schemas) {
    if (links.page(schema.name) === null) continue;
    const exposed = exposedSchemas.includes(schema.name);
    add(pageName(schema.name), schemaPage(catalogue, schema, exposed, links));
  }
  return pages;
}

function pageName(schema: string): string {
  return `${schema}.md`;
}

/** Knows which page a table is on, and under which anchor. */
class PageLinks {
  #pages: Set<string>;
  #anchors = new Map<string, string>();

  constructor(catalogue: Catalogue) {
    const objects = [...catalogue.relations, ...catalogue.routines, ...catalogue.types];
    this.#pages = new Set(objects.map((object) => object.schema));
    for (const schema of this.#pages) {
      const anchors = new Anchors();
      for (const { text, key } of headings(catalogue, schema)) {
        const anchor = anchors.next(text);
        if (!key) continue;
        const object = JSON.stringify([schema, ...key]);
        // Overloads share a name; a link leads to the first.
        if (!this.#anchors.has(object)) this.#anchors.set(object, anchor);
      }
    }
  }

  /** The page of a schema; null when the schema holds nothing to describe. */
  page(schema: string): string | null {
    return this.#pages.has(schema) ? pageName(schema) : null;
  }

  /** A link from one schema's page to an object, or its bare name when no page describes it. */
  to(from: string, kind: ObjectKind, schema: string, name: string): string {
    const label = code(schema === from ? name : `${schema}.${name}`);
    const anchor = this.#anchors.get(JSON.stringify([schema, kind, name]));
    if (anchor === undefined) return label;
    return `[${label}](${schema === from ? "" : pageName(schema)}#${anchor})`;
  }
}

type ObjectKind = "relation" | "routine" | "type";

/** A heading of a schema's page. The key is set on those that describe an object. */
interface Heading {
  text: string;
  key?: [kind: ObjectKind, name: string];
}

/** The objects of one schema, by the section that describes them. */
function sections(catalogue: Catalogue, schema: string) {
  const relations = catalogue.relations.filter((relation) => relation.schema === schema);
  const isView = (relation: Relation) =>
    relation.kind === "view" || relation.kind === "materialized view";
  return {
    tables: relations.filter((relation) => !isView(relation)),
    views: relations.filter(isView),
    routines: catalogue.routines.filter((routine) => routine.schema === schema),
    types: catalogue.types.filter((type) => type.schema === schema),
  };
}

/** All headings of a schema's page, in order: the anchors depend on it. */
function headings(catalogue: Catalogue, schema: string): Heading[] {
  const { tables, views, routines, types } = sections(catalogue, schema);
  const section = (title: string, objects: { name: string }[], kind: ObjectKind): Heading[] =>
    objects.length === 0 ? [] : [
      { text: title },
      ...objects.map(({ name }): Heading => ({ text: name, key: [kind, name] })),
    ];
  return [
    { text: `Schema ${schema}` },
    ...tables.length === 0 ? [] : [{ text: "Diagram" }],
    ...section("Tables", tables, "relation"),
    ...section("Views", views, "relation"),
    ...section("Functions", routines, "routine"),
    ...types.length === 0 ? [] : [{ text: "Types" }],
  ];
}

function indexPage(
  catalogue: Catalogue,
  exposedSchemas: readonly string[],
  links: PageLinks,
): string[] {
  const rows = catalogue.schemas.map((schema) => {
    const page = links.page(schema.name);
    return [
      page === null ? code(schema.name) : `[${code(schema.name)}](${page})`,
      exposedSchemas.includes(schema.name) ? "yes" : "no",
      roleList(schema.usage),
      textCell(schema.comment),
    ];
  });
  return [
    heading(1, "Schemas"),
    "Each page describes one schema: its tables with a diagram, their columns, rules and rights, " +
    "its views and its functions. A schema without a link has nothing to describe: it is empty, or " +
    "holds partitions, whose rules are those of their parents.",
    table(["Schema", "Served by the API", "Usage granted to", "Holds"], rows),
    ...catalogue.errors ? ["The codes of all errors: [errors.md](errors.md)."] : [],
  ];
}

function errorsPage(errors: readonly ErrorCode[]): string[] {
  return [
    heading(1, "Errors"),
    "The API answers a refused request with `{ code, message, details, hint }`, a function of the " +
    "edge with `{ code, message, details? }`. The code is stable; `%s` in a message stands for " +
    "what the request named.",
    table(
      ["Code", "HTTP status", "Message", "Hint"],
      errors.map(({ code, status, message, hint }) => [
        codeCell(code),
        String(status),
        textCell(message),
        textCell(hint),
      ]),
    ),
  ];
}

function schemaPage(
  catalogue: Catalogue,
  schema: Schema,
  exposed: boolean,
  links: PageLinks,
): string[] {
  const { tables, views, routines, types } = sections(catalogue, schema.name);
  return [
    heading(1, `Schema ${schema.name}`),
    ...comment(schema.comment),
    [
      exposed ? "The API serves this schema." : "The API does not serve this schema.",
      schema.usage.length === 0
        ? "No API role has usage."
        : `Usage: ${roleList(schema.usage)}. [All schemas](README.md)`,
    ].join(" "),
    contents("Tables", tables, "relation", links),
    contents("Views", views, "relation", links),
    contents("Functions", routines, "routine", links),
    ...tables.length === 0 ? [] : [heading(2, "Diagram"), codeBlock("mermaid", erDiagram(tables))],
    ...tables.length === 0 ? [] : [heading(2, "Tables")],
    ...tables.flatMap((relation) => tableBlocks(catalogue, relation, links)),
    ...views.length === 0 ? [] : [heading(2, "Views")],
    ...views.flatMap(viewBlocks),
    ...routines.length === 0 ? [] : [heading(2, "Functions")],
    ...routines.flatMap(routineBlocks),
    ...types.length === 0 ? [] : [heading(2, "Types"), typesTable(types)],
  ].filter((block) => block !== "");
}

function contents(
  title: string,
  objects: readonly { schema: string; name: string }[],
  kind: ObjectKind,
  links: PageLinks,
): string {
  if (objects.length === 0) return "";
  const names = objects.map(({ schema, name }) => links.to(schema, kind, schema, name));
  return `${title}: ${[...new Set(names)].join(", ")}`;
}

function comment(text: string | null): string[] {
  return text === null ? [] : [paragraphs(text)];
}

function roleList(roles: readonly string[]): string {
  return roles.map(code).join(", ");
}

function tableBlocks(catalogue: Catalogue, relation: Relation, links: PageLinks): string[] {
  const facts = [
    `Row level security is ${rowSecurityText(relation)}.`,
    ...relation.kind === "foreign table" ? ["A foreign table."] : [],
    ...relation.unlogged ? ["Unlogged: empty after a crash, and not on replicas."] : [],
    ...relation.partitionKey === null ? [] : [`Partitioned by ${code(relation.partitionKey)}.`],
    ...optionsText(relation),
  ];
  return [
    heading(3, relation.name),
    ...comment(relation.comment),
    facts.join(" "),
    table(
      ["Column", "Type", "Null", "Default", "Comment"],
      relation.columns.map((column) => [
        codeCell(column.name),
        codeCell(column.type),
        column.nullable ? "yes" : "no",
        codeCell(column.default),
        textCell(column.comment),
      ]),
    ),
    ...constraintBlocks(relation),
    ...referenceBlocks(catalogue, relation, links),
    ...indexBlocks(relation),
    ...policyBlocks(relation),
    ...triggerBlocks(relation),
    ...grantBlocks(relation.grants),
  ];
}

function rowSecurityText(relation: Relation): string {
  if (relation.rowSecurity === "off") return "off";
  if (relation.rowSecurity === "forced") return "on, also for the owner";
  return "on";
}

function optionsText(relation: Relation): string[] {
  return relation.options.length === 0
    ? []
    : [`Options: ${relation.options.map(code).join(", ")}.`];
}

/** A table whose last column, the comments, is left out when no row has one. */
function tableWithComments(header: string[], rows: string[][]): string {
  if (rows.some((row) => row.at(-1) !== "")) return table(header, rows);
  return table(header.slice(0, -1), rows.map((row) => row.slice(0, -1)));
}

function constraintBlocks({ constraints }: Relation): string[] {
  if (constraints.length === 0) return [];
  return [tableWithComments(
    ["Constraint", "Rule", "Comment"],
    constraints.map((constraint) => [
      codeCell(constraint.name),
      codeCell(constraint.definition),
      textCell(constraint.comment),
    ]),
  )];
}

/** Names the tables whose foreign keys point here: what a delete would touch. */
function referenceBlocks(catalogue: Catalogue, relation: Relation, links: PageLinks): string[] {
  const references = catalogue.relations.flatMap((other) =>
    other.constraints
      .filter(({ references }) =>
        references?.schema === relation.schema && references.table === relation.name
      )
      .map((constraint) =>
        `${links.to(relation.schema, "relation", other.schema, other.name)} ` +
        `(${constraint.columns.map(code).join(", ")})`
      )
  );
  return references.length === 0 ? [] : [`Referenced by ${references.join(", ")}.`];
}

function indexBlocks({ indexes }: Relation): string[] {
  if (indexes.length === 0) return [];
  return [tableWithComments(
    ["Index", "Definition", "Comment"],
    indexes.map((index) => [
      codeCell(index.name),
      codeCell(index.definition),
      textCell(index.comment),
    ]),
  )];
}

function policyBlocks(relation: Relation): string[] {
  if (relation.policies.length === 0) {
    return relation.rowSecurity === "off"
      ? []
      : ["No policy: only the owner and roles that bypass row level security reach its rows."];
  }
  return [tableWithComments(
    ["Policy", "Command", "Roles", "Using", "With check", "Comment"],
    relation.policies.map((policy) => [
      codeCell(policy.name),
      policy.permissive ? policy.command : `${policy.command} (restrictive)`,
      roleList(policy.roles),
      codeCell(policy.using),
      codeCell(policy.check),
      textCell(policy.comment),
    ]),
  )];
}

function triggerBlocks({ triggers }: Relation): string[] {
  if (triggers.length === 0) return [];
  return [tableWithComments(
    ["Trigger", "Fires", "Calls", "Comment"],
    triggers.map((trigger) => [
      codeCell(trigger.name),
      codeCell(trigger.fires) + (trigger.enabled ? "" : " (disabled)"),
      codeCell(trigger.calls),
      textCell(trigger.comment),
    ]),
  )];
}

function grantBlocks(grants: readonly Grant[]): string[] {
  if (grants.length === 0) return ["No API role has a right on it."];
  const roles = [...new Set(grants.map((grant) => grant.role))];
  return [table(
    ["Role", "Rights"],
    roles.map((role) => [
      codeCell(role),
      grants
        .filter((grant) => grant.role === role)
        .map(({ privilege, columns }) =>
          codeCell(columns.length === 0 ? privilege : `${privilege} (${columns.join(", ")})`)
        )
        .join(", "),
    ]),
  )];
}

function viewBlocks(relation: Relation): string[] {
  const facts = [
    ...relation.kind === "materialized view" ? ["A materialized view."] : [],
    ...optionsText(relation),
  ];
  return [
    heading(3, relation.name),
    ...comment(relation.comment),
    facts.join(" "),
    table(
      ["Column", "Type", "Comment"],
      relation.columns.map((column) => [
        codeCell(column.name),
        codeCell(column.type),
        textCell(column.comment),
      ]),
    ),
    ...indexBlocks(relation),
    ...triggerBlocks(relation),
    ...grantBlocks(relation.grants),
  ];
}

function routineBlocks(routine: Routine): string[] {
  const facts = [
    ...routine.kind === "function" ? [] : [`A ${routine.kind}`],
    `Language ${routine.language}`,
    routine.volatility,
    `security ${routine.security}`,
    `parallel ${routine.parallel}`,
    ...routine.strict ? ["strict"] : [],
    ...routine.settings.map((setting) => code(`set ${setting}`)),
  ];
  const callers = routine.execute.length === 0
    ? "No API role may call it."
    : `Callers: ${roleList(routine.execute)}.`;
  return [
    heading(3, routine.name),
    ...comment(routine.comment),
    codeBlock("sql", signature(routine)),
    `${facts.join(", ")}. ${callers}`,
  ];
}

/** The arguments and the result, one a line when there are any. */
function signature(routine: Routine): string {
  const inputs = routine.arguments.filter((argument) => argument.mode !== "table");
  const outputs = routine.arguments.filter((argument) => argument.mode === "table");
  const call = `${routine.schema}.${routine.name}${list(inputs)}`;
  if (outputs.length > 0) return `${call}\nreturns table ${list(outputs)}`;
  return routine.result === null ? call : `${call}\nreturns ${routine.result}`;
}

function list(items: readonly Argument[]): string {
  if (items.length === 0) return "()";
  return `(\n${items.map((argument) => `  ${argumentText(argument)}`).join(",\n")}\n)`;
}

function argumentText(argument: Argument): string {
  return [
    ...argument.mode === "in" || argument.mode === "table" ? [] : [argument.mode],
    ...argument.name === "" ? [] : [argument.name],
    argument.type,
    ...argument.default === null ? [] : [`default ${argument.default}`],
  ].join(" ");
}

function typesTable(types: readonly TypeDefinition[]): string {
  return table(
    ["Type", "Kind", "Definition", "Comment"],
    types.map((type) => [
      codeCell(type.name),
      type.kind,
      codeCell(type.definition),
      textCell(type.comment),
    ]),
  );
}
