-- Whatever is typed gets an answer or a refusal with a code, and nothing is changed by it.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(68);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zhf-one', 'Zhfcategory');
insert into directory.businesses (id, slug, name, city, state, primary_category_id, status) values
  ('b7e57000-0000-4000-8000-000000000001', 'zhf-1', 'Drexolvun', 'Zhf''city', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active');

create temporary table hostile (place int generated always as identity, text text, what text)
on commit drop;
insert into hostile (text, what) values
  ('drexolvun''; drop table directory.businesses; --', 'a statement after a quote'),
  ('drexolvun'' or ''1''=''1', 'a condition that is always true'),
  ('drexolvun'') union select id, null from auth.users --', 'a union'),
  ('$$ drexolvun; delete from directory.listings; $$', 'dollar quotes'),
  ('drexolvun & | ! ( ) <-> <2>', 'operators of a tsquery'),
  ('!drexolvun', 'a negation'),
  ('drexolvun:*', 'a prefix mark'),
  ('drexolvun:A', 'a weight'),
  ('''drexolvun', 'a quote that is not closed'),
  ('"drexolvun', 'a double quote that is not closed'),
  ('drexolvun\', 'a backslash at the end'),
  ('drexolvun\''\\', 'backslashes and a quote'),
  ('\x64726578', 'a hexadecimal escape'),
  ('drexolvun%', 'a percent sign'),
  ('drexolvun_', 'an underscore'),
  ('%s %I %L %1$s drexolvun', 'the marks of format()'),
  ('(drexolvun', 'a bracket that is not closed'),
  ('drexolvun :: text', 'a cast'),
  ('drexolvun <script>alert(1)</script>', 'markup'),
  ('drexolvun 🍕 🧑🏽‍🍳', 'pictures'),
  (E'drexolvun \u202e \u200f מסעדה', 'a text that turns its direction'),
  (E'drexolvun\u200b\u200d\ufeff', 'characters without width'),
  (E'\x01\x02drexolvun\x1f\x7f', 'control characters'),
  (E'drexolvun\r\n\t\v\f', 'line breaks and tabs'),
  (E'\ufffe\uffff drexolvun', 'characters that are none'),
  (U&'drexolvun \+01F600 \+10FFFF', 'the last character there is'),
  ('drexolvun ' || repeat('a', 180), 'a word of 180 letters'),
  ('drexolvun ' || repeat('é', 180), 'a word of 180 accented letters'),
  ('drexolvun ' || repeat('ﬀ', 150), 'letters that become two each'),
  (repeat('a ', 95) || 'drexolvun', 'a hundred words'),
  ('ı İ ß ǆ drexolvun', 'letters whose capitals are another matter'),
  ('drexolvun 1e309 -0 NaN 0x1F 00007', 'odd numbers'),
  ('drexolvun http://example.com/?a=b&c#d a@b.c 1.2.3.4 /etc/passwd', 'addresses and paths'),
  ('null undefined NULL', 'names of nothing'),
  ('and or not the of', 'stop words alone');

grant select on hostile to anon;

set local request.jwt.claims = '{}';
set local role anon;

select lives_ok(
  format('select * from directory.search_businesses(search_query => %L)', hostile.text),
  format('a query with %s is answered', hostile.what)
)
from (select * from hostile order by place) as hostile;

select is(
  (
    select name from directory.search_businesses(search_query => hostile.text)
    where slug = 'zhf-1'
  ),
  'Drexolvun',
  format('a query with %s still finds the word beside it', hostile.what)
)
from (select * from hostile order by place) as hostile
where hostile.what in (
  'a negation', 'a prefix mark', 'a weight',
  'a backslash at the end', 'a percent sign', 'pictures', 'control characters',
  'line breaks and tabs', 'a text that turns its direction', 'characters without width'
);

select throws_ok(
  format('select * from directory.search_businesses(search_query => %L)', empty.text),
  'PL121', 'The query holds no word.',
  format('%s is refused as a query without a word', empty.what)
)
from (
  values
    ('', 'an empty query'),
    ('   ', 'a query of spaces'),
    (null, 'no query'),
    ('!!! ??? ---', 'a query of signs'),
    ('🍕🍕🍕', 'a query of pictures'),
    (E'\x01\x02', 'a query of control characters'),
    ('''', 'a quote'),
    ('\', 'a backslash'),
    ('%', 'a percent sign'),
    (E'\u200b\u200f', 'a query without width')
) as empty (text, what);

-- texts of the other parameters
select throws_ok(
  $$
    select * from directory.api_get_businesses(
      sort_by => 'name; drop table directory.businesses; --'
    )
  $$,
  'PL131', null,
  'a statement for a sort key is an unknown sort key'
);
select throws_ok(
  $$ select * from directory.api_get_businesses(sort_order => 'asc, (select 1)') $$,
  'PL132', null,
  'an expression for a sort order is an unknown sort order'
);
select throws_ok(
  $$ select * from directory.api_get_businesses(filters => '{"category": "x'' or ''1''=''1"}') $$,
  'PL123', null,
  'a condition for a category is an unknown category'
);
select is(
  (
    select total_count from directory.api_get_businesses(
      filters => '{"city": "x'' or ''1''=''1", "state": "%"}'
    )
  ),
  0::bigint,
  'a condition for a city is a city that does not exist'
);
select is(
  (select total_count from directory.api_get_businesses(filters => '{"city": "Zhf''city"}')),
  1::bigint,
  'a quote in a city is a quote'
);
select throws_ok(
  $$ select * from directory.api_get_businesses(filters => '{"state\"; --": "TX"}') $$,
  'PL133', null,
  'a statement for a filter is an unknown filter'
);
select is(
  (select total_count from directory.api_get_businesses(filters => '{"city": "Zhf%"}')),
  0::bigint,
  'a percent sign in a city is no wildcard'
);
reset role;

select isnt_empty(
  $$ select 1 from directory.businesses where slug = 'zhf-1' $$,
  'after all of it the business is there'
);
select isnt_empty(
  $$ select 1 from directory.listings where slug = 'zhf-1' $$,
  'and so is its listing'
);

-- the same texts, stored: a business may be called anything and is found by it
create function pg_temp.name_and_find(name text)
returns text
language plpgsql
as $$
declare
  found_name text;
begin
  update directory.businesses set name = name_and_find.name where slug = 'zhf-1';
  select search_businesses.name into found_name
  from directory.search_businesses(search_query => name_and_find.name)
  where search_businesses.slug = 'zhf-1';
  return found_name;
end;
$$;
select is(pg_temp.name_and_find(hostile.text), hostile.text,
  format('a name with %s is kept and found', hostile.what))
from (select * from hostile order by place) as hostile
where hostile.what in ('a statement after a quote', 'markup', 'pictures', 'the marks of format()');

select * from finish();
rollback;
