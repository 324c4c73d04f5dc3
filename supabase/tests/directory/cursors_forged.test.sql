-- A cursor that was changed, cut, made up or taken from another list is refused with a clear code
-- and never with an error of Postgres; what it can say opens nothing.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(37);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zcf-one', 'Zcfcategory');
insert into directory.businesses (name, city, state, primary_category_id, status)
select 'Zcf ' || n, 'Zcfcity', 'TX', 'c7e57000-0000-4000-8000-000000000001',
  case when n = 5 then 'draft' else 'active' end
from generate_series(1, 5) as n;

create function pg_temp.answer(
  cursor_sent text,
  key text default 'name',
  direction text default 'asc',
  filters jsonb default '{"city": "Zcfcity"}'
)
returns text
language plpgsql
as $$
begin
  return (
    select coalesce(string_agg(right(item.value ->> 'name', 1), ' '), 'none')
    from directory.list_businesses(cursor_sent, 2, key, direction, filters) as page
    left join jsonb_array_elements(page.businesses) as item on true
  );
exception
  when others then
    return sqlstate;
end;
$$;
-- as the API packs them, with the list of a good cursor
create function pg_temp.pack(content text)
returns text
language sql
as $$
  select translate(encode(convert_to(content, 'UTF8'), 'base64'), e'+/=\n', '-_');
$$;
create function pg_temp.open(cursor_given text)
returns jsonb
language sql
as $$
  select convert_from(
    decode(
      rpad(translate(cursor_given, '-_', '+/'), 4 * ceil(length(cursor_given) / 4.0)::int, '='),
      'base64'
    ),
    'UTF8'
  )::jsonb;
$$;
create function pg_temp.forged(key jsonb, id jsonb, sort text default 'name')
returns text
language sql
as $$
  select pg_temp.pack(
    jsonb_build_array(
      pg_temp.open(next_cursor) -> 0, forged.key, forged.id
    )::text
  )
  from directory.list_businesses(null, 2, sort, filters => '{"city": "Zcfcity"}');
$$;
create temporary table good on commit drop as
select next_cursor from directory.list_businesses(null, 2, filters => '{"city": "Zcfcity"}');
grant select on good to anon;
grant execute on function
  pg_temp.answer(text, text, text, jsonb), pg_temp.pack(text), pg_temp.open(text),
  pg_temp.forged(jsonb, jsonb, text)
  to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.answer(next_cursor), '3 4', 'the cursor itself is good') from good;
select matches(next_cursor, '^[A-Za-z0-9_-]+$', 'and stands in an address as it is') from good;

select is(pg_temp.answer(cursor_sent), 'PL195', 'refused: ' || rule)
from (
  values
    ('', 'an empty one'),
    ('0', 'one letter'),
    ('page-2', 'a word'),
    ('%%% ', 'what is no base64'),
    ('☕', 'a letter beyond ASCII'),
    (e'AAAA\nAAAA====AAAA', 'padding in the middle'),
    ('_____w', 'bytes that are no UTF-8'),
    (pg_temp.pack('null'), 'null'),
    (pg_temp.pack('7'), 'a number'),
    (pg_temp.pack('{}'), 'an object'),
    (pg_temp.pack('{"0": "x", "1": "y", "2": "b7e57000-0000-4000-8000-000000000001"}'),
      'an object with the keys of a list'),
    (pg_temp.pack('[]'), 'an empty list'),
    (pg_temp.pack('["a", "b", "c"]'), 'an id that is none'),
    (pg_temp.pack('["a", "b", null]'), 'no id'),
    (pg_temp.pack('["a", "\u0000", "b7e57000-0000-4000-8000-000000000001"]'), 'a character 0'),
    (repeat('A', 4001), 'a very long one'),
    (pg_temp.pack(repeat('[', 2900)), 'brackets without end'),
    (pg_temp.forged('"Zcf"', '{"a": 1}'), 'an object for the id')
) as tried (cursor_sent, rule);
select is(pg_temp.answer(left(next_cursor, -9)), 'PL195', 'refused: one that was cut') from good;

select is(pg_temp.answer(next_cursor, key, direction, filters), 'PL196', 'refused: ' || rule)
from good
cross join (
  values
    ('name', 'desc', '{"city": "Zcfcity"}'::jsonb, 'the cursor of the other direction'),
    ('newest', 'asc', '{"city": "Zcfcity"}', 'that of another sort'),
    ('name', 'asc', '{"city": "Zcfother"}', 'that of another filter'),
    ('name', 'asc', '{}', 'that of a filter, without it'),
    ('name', 'asc', '{"city": "Zcfcity", "category": "zcf-one"}', 'that of fewer filters')
) as tried (key, direction, filters, rule);
select is(
  pg_temp.answer(
    (select next_cursor from directory.sitemap_businesses(page_size => 1))
  ),
  'PL196',
  'refused: the cursor of the sitemap'
);
select is(
  pg_temp.answer(next_cursor, filters => '{"city": "Zcfcity", "state": null}'), '3 4',
  'a filter that is null is none'
)
from good;
select is(
  pg_temp.answer(next_cursor, direction => 'ASC'), '3 4', 'capitals make no other direction'
)
from good;

select is(
  pg_temp.answer(pg_temp.forged(key::jsonb, '"b7e57000-0000-4000-8000-000000000001"', sort), sort),
  'PL195', 'refused: ' || rule
)
from (
  values
    ('"x"', 'rating', 'a word for a number'),
    ('1e400', 'review_count', 'a number that is too large'),
    ('1.5', 'review_count', 'a fraction for a count'),
    ('"yesterday at noon"', 'newest', 'words for a time'),
    ('"2026-13-45"', 'newest', 'a day that there is not')
) as tried (key, sort, rule);
select is(
  pg_temp.answer(pg_temp.forged('"'' or true --"', '"b7e57000-0000-4000-8000-000000000001"')),
  '1 2',
  'threat: SQL in a cursor is a text like any other'
);
select is(
  pg_temp.answer(pg_temp.forged('"zcf 4"', '"ffffffff-ffff-ffff-ffff-ffffffffffff"')), 'none',
  'threat: a cursor that points before a draft does not show it'
);
select is(
  pg_temp.answer(pg_temp.forged('null', '"b7e57000-0000-4000-8000-000000000001"')), 'none',
  'a key that is missing is an empty page'
);
reset role;

select * from finish();
rollback;
