import assert from "node:assert/strict";
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

Deno.test("running text keeps what Markdown would take as markup", () => {
  assert.equal(
    paragraphs("<b> and *all* [of] ~it~ \\ `"),
    "\\<b> and \\*all\\* \\[of] \\~it\\~ \\\\ \\`",
  );
  assert.equal(paragraphs("AT&amp;T & R&D"), "AT\\&amp;T & R&D");
});

Deno.test("an underscore is escaped only where it could emphasise", () => {
  assert.equal(paragraphs("business_id and _private_"), "business_id and \\_private\\_");
});

Deno.test("a paragraph starts no list, heading, quotation or rule", () => {
  assert.equal(paragraphs("- one"), "\\- one");
  assert.equal(paragraphs("# one"), "\\# one");
  assert.equal(paragraphs("> one"), "\\> one");
  assert.equal(paragraphs("2026. A year"), "2026\\. A year");
});

Deno.test("wrapped lines become one, and a blank line a new paragraph", () => {
  assert.equal(paragraphs("One\n  line.\n \n  Two."), "One line.\n\nTwo.");
  assert.equal(textCell("One\n  line.\n \n  Two."), "One line.<br>Two.");
});

Deno.test("spans in backticks stay code", () => {
  assert.equal(paragraphs("Set by `a|b*` only"), "Set by `a|b*` only");
});

Deno.test("no pipe ends a cell", () => {
  assert.equal(textCell("a | b and `c|d`"), "a \\| b and `c\\|d`");
  assert.equal(codeCell("'a' || 'b'"), "`'a' \\|\\| 'b'`");
});

Deno.test("what is absent leaves its cell empty", () => {
  assert.equal(textCell(null), "");
  assert.equal(codeCell(null), "");
  assert.equal(codeCell(""), "");
});

Deno.test("a code span survives backticks and line ends inside", () => {
  assert.equal(code("a`b"), "``a`b``");
  assert.equal(code("`a`"), "`` `a` ``");
  assert.equal(code("select 1\n   from t"), "`select 1 from t`");
});

Deno.test("a block of code has a fence longer than any inside", () => {
  assert.equal(codeBlock("sql", "select 1"), "```sql\nselect 1\n```");
  assert.equal(codeBlock("", "```"), "````\n```\n````");
});

Deno.test("a table has a line for each row", () => {
  assert.equal(
    table(["A", "B"], [["`a`", ""], ["", "b"]]),
    "| A | B |\n| --- | --- |\n| `a` | |\n| | b |",
  );
});

Deno.test("anchors are those that GitHub gives", () => {
  const anchors = new Anchors();
  assert.equal(anchors.next("Schema directory"), "schema-directory");
  assert.equal(anchors.next("Two (words)!"), "two-words");
  assert.equal(anchors.next("business_stats"), "business_stats");
  assert.equal(anchors.next("business_stats"), "business_stats-1");
  assert.equal(heading(3, "_odd_"), "### \\_odd\\_");
});
