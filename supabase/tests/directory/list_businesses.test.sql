-- Pages by key hold every business once, in the order of the pages by number, whatever they are
-- sorted by and whoever comes or goes meanwhile.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(26);

insert into directory.categories (id, parent_id, slug, name) values
  ('c7e57000-0000-4000-8000-00000000000a', null, 'zlb-top', 'Zlb Top'),
  ('c7e57000-0000-4000-8000-00000000000b', 'c7e57000-0000-4000-8000-00000000000a', 'zlb-leaf',
    'Zlb Leaf');
insert into auth.users (id) values ('a7e57000-0000-4000-8000-000000000001');
-- names, ratings, counts and dates that many share, and a third without a rating
insert into directory.businesses (
  id, name, city, state, primary_category_id, status, published_at
)
select
  ('b7e57000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
  (array['Zlb Équal', 'zlb equal', 'Zlb "quoted", \ and ☕'])[1 + n % 3], 'Zlbcity', 'TX',
  case
    when n % 2 = 0 then 'c7e57000-0000-4000-8000-00000000000a'
    else 'c7e57000-0000-4000-8000-00000000000b'
  end::uuid,
  'active', '2026-01-01 00:00:00.123456+00'::timestamptz + (n % 4) * interval '1 day'
from generate_series(1, 23) as n;
insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
select businesses.id, 'a7e57000-0000-4000-8000-000000000001', 1 + row_number() over () % 5, 'Zlb',
  'published'
from directory.businesses
where city = 'Zlbcity' and id::text ~ '[1245]$';

create function pg_temp.walk(
  key text,
  direction text,
  size int,
  filters jsonb default '{"city": "Zlbcity"}'
)
returns text[]
language plpgsql
as $$
declare
  page record;
  cursor_now text;
  found_ids text[] := '{}';
begin
  for step in 1..100 loop
    select * into page
    from directory.list_businesses(cursor_now, size, key, direction, filters);
    found_ids := found_ids || array(
      select item.value ->> 'id'
      from jsonb_array_elements(page.businesses) with ordinality as item
      order by item.ordinality
    );
    cursor_now := page.next_cursor;
    exit when cursor_now is null;
  end loop;
  return found_ids;
end;
$$;
grant execute on function pg_temp.walk(text, text, int, jsonb) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(
  pg_temp.walk(key, direction, 4),
  (
    select array_agg(item.value ->> 'id' order by item.ordinality)
    from directory.api_get_businesses(
      1, 100, key, direction, '{"city": "Zlbcity"}'
    ) as page
    cross join jsonb_array_elements(page.businesses) with ordinality as item
  ),
  format('pages by key are those by number: %s %s', key, direction)
)
from unnest(array['name', 'rating', 'average_rating', 'review_count', 'newest']) as key
cross join unnest(array['asc', 'desc']) as direction;
select is(
  pg_temp.walk('average_rating', 'desc', 1), pg_temp.walk('average_rating', 'desc', 100),
  'pages of one end within equals and among those without a rating'
);
select is(cardinality(pg_temp.walk('name', 'asc', 23)), 23, 'a page may hold all there is');
select is(
  (select next_cursor from directory.list_businesses(null, 23, filters => '{"city": "Zlbcity"}')),
  null,
  'a page that is full and the last has no next one'
);
select is(
  (
    select (businesses, next_cursor)::text
    from directory.list_businesses(filters => '{"city": "Zlbnowhere"}')
  ),
  '([],)',
  'where there is nothing the answer is an empty list'
);
select is(
  (select jsonb_array_length(businesses) from directory.list_businesses()), 20,
  'a page holds 20 unless it asks for another number'
);
select is(
  (
    select businesses -> 0
    from directory.list_businesses(null, 1, filters => '{"city": "Zlbcity"}')
  ),
  (
    select businesses -> 0
    from directory.api_get_businesses(1, 1, filters => '{"city": "Zlbcity"}')
  ),
  'its items have the shape of the pages by number'
);
select is(
  cardinality(pg_temp.walk('name', 'asc', 5, '{"city": "Zlbcity", "category": "zlb-leaf"}')), 12,
  'filters hold on all pages'
);
select is(
  cardinality(pg_temp.walk('name', 'asc', 5, '{"category": "zlb-top"}')), 23,
  'a category includes all below it'
);
select is(
  cardinality(pg_temp.walk('newest', 'desc', 2, '{"city": "Zlbcity", "minimum_rating": 4}')),
  (
    select count(*)::int from directory.listings where city = 'Zlbcity' and avg_rating >= 4
  ),
  'a least rating holds on all pages'
);
reset role;

-- somebody comes at the front and somebody on the next page goes
create temporary table turned on commit drop as
select * from directory.list_businesses(null, 5, filters => '{"city": "Zlbcity"}');
select is(
  (
    select array_agg(item.value ->> 'id' order by item.ordinality)
    from jsonb_array_elements((select businesses from turned)) with ordinality as item
  ),
  (pg_temp.walk('name', 'asc', 100))[1:5],
  'a first page'
);
insert into directory.businesses (id, name, city, state, primary_category_id, status)
values ('b7e57000-0000-4000-8000-0000000000ff', 'Zla first', 'Zlbcity', 'TX',
  'c7e57000-0000-4000-8000-00000000000a', 'active');
update directory.businesses set status = 'deleted'
where id = (
  select ((turned.businesses -> 4) ->> 'id')::uuid from turned
);
grant select on turned to anon;
set local role anon;
select is(
  (
    select array_agg(item.value ->> 'id' order by item.ordinality)
    from directory.list_businesses(
      (select next_cursor from pg_temp.turned), 4, filters => '{"city": "Zlbcity"}'
    ) as page
    cross join jsonb_array_elements(page.businesses) with ordinality as item
  ),
  (pg_temp.walk('name', 'asc', 100))[6:9],
  'the next one goes on where it ended, though its last business is gone and another came before'
);
reset role;
select throws_ok(
  $$ select * from directory.list_businesses(page_size => 101) $$,
  'PL104', null,
  'a page of 101 is refused'
);
select throws_ok(
  $$ select * from directory.list_businesses(sort_by => 'price') $$,
  'PL131', null,
  'an unknown sort is refused'
);
select throws_ok(
  $$ select * from directory.list_businesses(filters => '{"colour": "red"}') $$,
  'PL133', null,
  'an unknown filter is refused'
);
select volatility_is(
  'directory', 'list_businesses', array['text', 'integer', 'text', 'text', 'jsonb'], 'stable',
  'a list writes nothing'
);
select is(
  (select count(*) from directory.list_businesses(filters => '{"city": "Zlbnowhere"}')),
  1::bigint,
  'there is always one row'
);

select * from finish();
rollback;
