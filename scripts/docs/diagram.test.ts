import assert from "node:assert/strict";
import { column, constraint, reference, relation } from "./catalogue_fixture.ts";
import { erDiagram } from "./diagram.ts";

Deno.test("a diagram shows key columns and leaves the others to the tables", () => {
  const items = relation("items", {
    columns: [
      column("id", { type: "uuid" }),
      column("slug", { type: "text" }),
      column("name", { type: "text" }),
    ],
    constraints: [constraint("primary key", ["id"]), constraint("unique", ["slug"])],
  });
  assert.equal(
    erDiagram([items]),
    ["erDiagram", '  "items" {', "    uuid id PK", "    text slug UK", "  }"].join("\n"),
  );
});

Deno.test("a foreign key that may be null makes the parent optional", () => {
  const owner = column("owner_id", { nullable: true });
  const items = relation("items", {
    columns: [column("id"), owner],
    constraints: [reference(["owner_id"], "shop", "owners")],
  });
  assert.match(erDiagram([items]), /^ {2}"owners" \|o--o\{ "items" : "owner_id"$/m);
});

Deno.test("a unique foreign key has at most one child", () => {
  const byConstraint = relation("notes", {
    columns: [column("item_id")],
    constraints: [constraint("primary key", ["item_id"]), reference(["item_id"], "shop", "items")],
  });
  const byIndex = relation("notes", {
    columns: [column("item_id")],
    constraints: [reference(["item_id"], "shop", "items")],
    indexes: [{ name: "x", definition: "", comment: null, uniqueColumns: ["item_id"] }],
  });
  for (const notes of [byConstraint, byIndex]) {
    assert.match(erDiagram([notes]), /^ {2}"items" \|\|--o\| "notes" : "item_id"$/m);
  }
});

Deno.test("a table of another schema stands under its full name", () => {
  const items = relation("items", {
    columns: [column("owner_id")],
    constraints: [reference(["owner_id"], "auth", "users")],
  });
  assert.match(erDiagram([items]), /^ {2}"auth\.users" \|\|--o\{ "items"/m);
});

Deno.test("names and types hold no character that Mermaid refuses", () => {
  const odd = relation('a "b" %', {
    columns: [
      column("at the end", { type: "timestamp(3) with time zone" }),
      column("1st", { type: "extensions.geography(Point,4326)" }),
      column("list", { type: "character varying(20)[]" }),
    ],
    constraints: [constraint("primary key", ["at the end", "1st", "list"])],
  });
  assert.equal(
    erDiagram([odd]),
    [
      "erDiagram",
      '  "a _b_ _" {',
      "    timestamptz(3) at_the_end PK",
      "    geography(Point_4326) _1st PK",
      "    varchar(20)[] list PK",
      "  }",
    ].join("\n"),
  );
});

Deno.test("a table without keys is still drawn", () => {
  assert.equal(erDiagram([relation("log")]), 'erDiagram\n  "log" {}');
});
