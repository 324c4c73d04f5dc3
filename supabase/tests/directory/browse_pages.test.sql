-- Pages are complete, do not overlap, and know where they stand.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(26);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zgp-one', 'Zgpcategory');
-- 49 businesses, all of one name but ten, so that pages end within equals
insert into directory.businesses (
  id, slug, name, city, state, primary_category_id, status, short_description, subscription_tier
)
select
  ('b7e57000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'zgp-' || n,
  case when n % 5 = 0 then 'Zgp Other' else 'Zgp Equal' end, 'Zgpcity', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'active', 'Number ' || n,
  case when n = 1 then 'elite' else 'free' end
from generate_series(1, 49) as n;

create function pg_temp.page(number int, size int)
returns text[]
language sql
as $$
  select array_agg(item.value ->> 'slug' order by item.ordinality)
  from directory.api_get_businesses(
    page_number => number, page_size => size, filters => '{"city": "Zgpcity"}'
  ) as page
  cross join jsonb_array_elements(page.businesses) with ordinality as item;
$$;
create function pg_temp.info(number int, size int)
returns jsonb
language sql
as $$
  select page.page_info
  from directory.api_get_businesses(
    page_number => number, page_size => size, filters => '{"city": "Zgpcity"}'
  ) as page;
$$;
grant execute on function pg_temp.page(int, int), pg_temp.info(int, int) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(cardinality(pg_temp.page(1, 20)), 20, 'a page holds as many rows as it asked for');
select is(cardinality(pg_temp.page(3, 20)), 9, 'the last page holds what is left');
select is(
  pg_temp.page(1, 20) || pg_temp.page(2, 20) || pg_temp.page(3, 20),
  (
    select array_agg(slug order by lower(name), business_id) from directory.listings
    where city = 'Zgpcity'
  ),
  'the pages together are every business once, in order'
);
select is(
  (
    select array_agg(slug order by number, place)
    from generate_series(1, 7) as number
    cross join lateral unnest(pg_temp.page(number, 7)) with ordinality as item (slug, place)
  ),
  (
    select array_agg(slug order by lower(name), business_id) from directory.listings
    where city = 'Zgpcity'
  ),
  'so are pages of another size that end within equal names'
);
select is(cardinality(pg_temp.page(1, 49)), 49, 'a page may hold all there is');
select is(cardinality(pg_temp.page(1, 100)), 49, 'a page may be larger than all there is');
select is(cardinality(pg_temp.page(1, 1)), 1, 'a page may hold one row');

select is(
  pg_temp.info(1, 20),
  '{"currentPage": 1, "pageSize": 20, "totalPages": 3, "totalCount": 49, "hasNext": true,
    "hasPrevious": false}',
  'the first page knows that there is a next one'
);
select is(
  pg_temp.info(2, 20),
  '{"currentPage": 2, "pageSize": 20, "totalPages": 3, "totalCount": 49, "hasNext": true,
    "hasPrevious": true}',
  'a page in the middle knows both sides'
);
select is(
  pg_temp.info(3, 20),
  '{"currentPage": 3, "pageSize": 20, "totalPages": 3, "totalCount": 49, "hasNext": false,
    "hasPrevious": true}',
  'the last page knows that there is none'
);
select is(pg_temp.info(7, 7) -> 'hasNext', 'false', 'a last page that is full has no next one');
select is(pg_temp.info(6, 7) -> 'hasNext', 'true', 'the page before it has');
select is(pg_temp.info(7, 7) -> 'totalPages', '7', 'full pages are counted without an empty one');
select is(pg_temp.info(1, 49) -> 'totalPages', '1', 'what fits one page is one page');
select is(pg_temp.info(1, 48) -> 'totalPages', '2', 'one row more is a page more');

select results_eq(
  $$
    select businesses, total_count, page_info
    from directory.api_get_businesses(page_number => 9, filters => '{"city": "Zgpcity"}')
  $$,
  $$
    values ('[]'::jsonb, 49::bigint,
      '{"currentPage": 9, "pageSize": 20, "totalPages": 3, "totalCount": 49, "hasNext": false,
        "hasPrevious": true}'::jsonb)
  $$,
  'a page past the end is an empty list with the true total'
);
select results_eq(
  $$
    select businesses, total_count, page_info
    from directory.api_get_businesses(filters => '{"city": "Zgpnowhere"}')
  $$,
  $$
    values ('[]'::jsonb, 0::bigint,
      '{"currentPage": 1, "pageSize": 20, "totalPages": 0, "totalCount": 0, "hasNext": false,
        "hasPrevious": false}'::jsonb)
  $$,
  'where there is nothing the answer is an empty list, not null'
);
select is(
  (select count(*) from directory.api_get_businesses(filters => '{"city": "Zgpnowhere"}')),
  1::bigint,
  'there is always one row'
);
select is(
  (
    select jsonb_array_length(businesses)
    from directory.api_get_businesses(filters => '{"city": "Zgpcity"}')
  ),
  20,
  'a page holds 20 rows unless it asks for another number'
);
select is(
  (
    select businesses -> 0
    from directory.api_get_businesses(page_size => 1, filters => '{"city": "Zgpcity"}')
  ),
  (
    select jsonb_build_object(
      'id', 'b7e57000-0000-4000-8000-000000000001', 'slug', 'zgp-1', 'name', 'Zgp Equal',
      'description', 'Number 1', 'category', 'Zgpcategory',
      'location', '{"city": "Zgpcity", "state": "TX"}'::jsonb, 'rating', quality_score,
      'averageRating', null, 'reviewCount', 0, 'premium', true
    )
    from directory.listings where slug = 'zgp-1'
  ),
  'a row carries the keys of its contract'
);
select is(
  (
    select businesses #> '{1,premium}'
    from directory.api_get_businesses(page_size => 2, filters => '{"city": "Zgpcity"}')
  ),
  'false'::jsonb,
  'a free business is not premium'
);
select volatility_is(
  'directory', 'api_get_businesses',
  array['integer', 'integer', 'text', 'text', 'jsonb', 'text'], 'stable',
  'a list writes nothing'
);
select is(
  (select total_count from directory.api_get_businesses(filters => '{}')),
  (
    select count(*) from directory.listings
    where visible_until is null or visible_until > now()
  ),
  'without a filter the total is every visible business'
);
reset role;

-- the order is that of the page, whatever way the names of the categories are looked up
create function pg_temp.page_by(method text)
returns text[]
language plpgsql
as $$
declare
  answer text[];
begin
  perform set_config('enable_nestloop', (method = 'nestloop')::text, true);
  perform set_config('enable_hashjoin', (method = 'hashjoin')::text, true);
  perform set_config('enable_mergejoin', (method = 'mergejoin')::text, true);
  answer := pg_temp.page(2, 10);
  return answer;
end;
$$;
insert into directory.categories (slug, name)
select 'zgp-filler-' || n, 'Zgp Filler ' || n from generate_series(1, 500) as n;
insert into directory.categories (id, slug, name)
select ('c7e57000-0000-4000-8000-' || lpad((100 - n)::text, 12, '0'))::uuid, 'zgp-own-' || n,
  'Zgp Own ' || n
from generate_series(1, 49) as n;
update directory.businesses
set primary_category_id =
  ('c7e57000-0000-4000-8000-' || lpad((100 - substr(slug, 5)::int)::text, 12, '0'))::uuid
where slug like 'zgp-%';
create temporary table second_page on commit drop as
select array_agg(slug order by place) as slugs
from (
  select slug, row_number() over (order by lower(name), business_id) as place
  from directory.listings where city = 'Zgpcity'
) as numbered
where place between 11 and 20;
select is(
  pg_temp.page_by(method), (select slugs from second_page),
  format('a page is in order when categories are joined by %s', method)
)
from unnest(array['nestloop', 'hashjoin', 'mergejoin']) as method;

select * from finish();
rollback;
