import assert from "node:assert/strict";
import {
  catalogue,
  column,
  constraint,
  reference,
  relation,
  routine,
} from "./catalogue_fixture.ts";
import { GENERATED_MARK, renderPages } from "./render.ts";

/** The page of schema shop. */
function shopPage(...parameters: Parameters<typeof catalogue>): string {
  return renderPages(catalogue(...parameters), []).get("shop.md")!;
}

Deno.test("each schema that holds something has a page, and the index names all", () => {
  const pages = renderPages(
    catalogue({
      relations: [relation("items")],
      schemas: [
        { name: "partitions", comment: "Children.", usage: [] },
        { name: "shop", comment: "Sells | buys.", usage: ["anon"] },
      ],
    }),
    ["shop"],
  );
  assert.deepEqual([...pages.keys()], ["README.md", "shop.md"]);
  const index = pages.get("README.md")!;
  assert.match(index, /^\| `partitions` \| no \| \| Children\. \|$/m);
  assert.match(index, /^\| \[`shop`\]\(shop\.md\) \| yes \| `anon` \| Sells \\\| buys\. \|$/m);
  assert.match(pages.get("shop.md")!, /^The API serves this schema\. Usage: `anon`\./m);
});

Deno.test("every page says that it is generated and ends with one line end", () => {
  const pages = renderPages(catalogue({ routines: [routine("find")], errors: [] }), []);
  assert.equal(pages.size, 3);
  for (const [name, text] of pages) {
    assert.ok(text.startsWith(GENERATED_MARK), name);
    assert.match(text, /[^\n]\n$/, name);
    assert.doesNotMatch(text, /\n\n\n/, name);
  }
});

Deno.test("a schema cannot take the name of another page", () => {
  assert.throws(
    () =>
      renderPages(catalogue({ relations: [relation("a", { schema: "errors" })], errors: [] }), []),
    /errors\.md/,
  );
});

Deno.test("errors are listed with status, message and hint", () => {
  const errors = [{ code: "PL001", status: 400, message: "No %s | none", hint: "Ask." }];
  assert.match(
    renderPages(catalogue({ errors }), []).get("errors.md")!,
    /^\| `PL001` \| 400 \| No %s \\\| none \| Ask\. \|$/m,
  );
});

Deno.test("a column shows type, null, default and comment", () => {
  const price = column("price", {
    type: "numeric(14,2)",
    nullable: true,
    default: "'a|b'::text",
    comment: "Net | gross.",
  });
  assert.match(
    shopPage({ relations: [relation("items", { columns: [price] })] }),
    /^\| `price` \| `numeric\(14,2\)` \| yes \| `'a\\\|b'::text` \| Net \\\| gross\. \|$/m,
  );
});

Deno.test("a policy shows command, roles and both conditions", () => {
  const policy = {
    name: "items_update_owner",
    command: "update",
    permissive: true,
    roles: ["anon", "authenticated"],
    using: "(a || b)",
    check: "true",
    comment: null,
  };
  const page = shopPage({
    relations: [
      relation("items", { policies: [policy, { ...policy, name: "limit", permissive: false }] }),
    ],
  });
  assert.match(
    page,
    /^\| `items_update_owner` \| update \| `anon`, `authenticated` \| `\(a \\\|\\\| b\)` \| `true` \|$/m,
  );
  assert.match(page, /^\| `limit` \| update \(restrictive\) \|/m);
});

Deno.test("a table without a policy says who reaches its rows, unless its security is off", () => {
  const says = /No policy/;
  assert.match(shopPage({ relations: [relation("items")] }), says);
  assert.doesNotMatch(shopPage({ relations: [relation("items", { rowSecurity: "off" })] }), says);
});

Deno.test("rights are listed by role, with their columns", () => {
  const page = shopPage({
    relations: [
      relation("items", {
        grants: [
          { role: "anon", privilege: "select", columns: [] },
          { role: "authenticated", privilege: "select", columns: [] },
          { role: "authenticated", privilege: "update", columns: ["name", "price"] },
        ],
      }),
      relation("secrets"),
    ],
  });
  assert.match(page, /^\| `anon` \| `select` \|$/m);
  assert.match(page, /^\| `authenticated` \| `select`, `update \(name, price\)` \|$/m);
  assert.match(page, /### secrets[\s\S]*No API role has a right on it\./);
});

Deno.test("a column of comments is shown when one row has a comment", () => {
  const keys = [constraint("primary key", ["id"]), constraint("unique", ["name"])];
  assert.match(
    shopPage({ relations: [relation("items", { constraints: keys })] }),
    /^\| Constraint \| Rule \|$/m,
  );
  assert.match(
    shopPage({
      relations: [relation("items", { constraints: [keys[0], { ...keys[1], comment: "Why." }] })],
    }),
    /^\| Constraint \| Rule \| Comment \|$/m,
  );
});

Deno.test("a table names those that refer to it, across pages", () => {
  const pages = renderPages(
    catalogue({
      relations: [
        relation("items", { constraints: [reference(["parent_id"], "shop", "items")] }),
        relation("notes", {
          schema: "shop_internal",
          constraints: [reference(["item_id"], "shop", "items")],
        }),
      ],
    }),
    [],
  );
  assert.match(
    pages.get("shop.md")!,
    /^Referenced by \[`items`\]\(#items\) \(`parent_id`\), \[`shop_internal\.notes`\]\(shop_internal\.md#notes\) \(`item_id`\)\.$/m,
  );
});

Deno.test("a link leads to its own heading when a name occurs twice", () => {
  const page = shopPage({
    relations: [relation("tables"), relation("items")],
    routines: [routine("items"), routine("items", { result: "text" })],
  });
  assert.match(page, /^Tables: \[`tables`\]\(#tables-1\), \[`items`\]\(#items\)$/m);
  assert.match(page, /^Functions: \[`items`\]\(#items-1\)$/m);
});

Deno.test("a function shows its arguments, result, traits and callers", () => {
  const page = shopPage({
    routines: [
      routine("find", {
        comment: "Finds.",
        arguments: [
          { name: "query", mode: "in", type: "text", default: "'x'::text" },
          { name: "others", mode: "variadic", type: "text[]", default: null },
          { name: "id", mode: "table", type: "bigint", default: null },
        ],
        result: "TABLE(id bigint)",
        security: "definer",
        strict: true,
        settings: ['search_path=""'],
        execute: ["anon"],
      }),
    ],
  });
  assert.ok(page.includes([
    "### find",
    "",
    "Finds.",
    "",
    "```sql",
    "shop.find(",
    "  query text default 'x'::text,",
    "  variadic others text[]",
    ")",
    "returns table (",
    "  id bigint",
    ")",
    "```",
    "",
    'Language sql, stable, security definer, parallel safe, strict, `set search_path=""`. ' +
    "Callers: `anon`.",
  ].join("\n")));
});

Deno.test("a procedure has no result", () => {
  const page = shopPage({
    routines: [routine("tick", { kind: "procedure", result: null, volatility: "volatile" })],
  });
  assert.ok(page.includes("```sql\nshop.tick()\n```\n\nA procedure, Language sql, volatile"));
});

Deno.test("a view shows its options", () => {
  const page = shopPage({
    relations: [relation("cheap", { kind: "view", options: ["security_invoker=true"] })],
  });
  assert.match(page, /## Views\n\n### cheap\n\nOptions: `security_invoker=true`\./);
  assert.doesNotMatch(page, /## Tables/);
});

Deno.test("types show their definition", () => {
  const page = shopPage({
    types: [{ schema: "shop", name: "mood", kind: "enum", definition: "'a', 'b'", comment: null }],
  });
  assert.match(page, /^\| `mood` \| enum \| `'a', 'b'` \|/m);
});
