-- Related businesses share a category, the nearest and best known first, never the business itself
-- nor one that is not visible; they are found by short walks of indexes.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(17);

insert into directory.categories (id, parent_id, slug, name) values
  ('c7e57000-0000-4000-8000-00000000000a', null, 'zrb-top', 'Zrb Top'),
  ('c7e57000-0000-4000-8000-00000000000b', 'c7e57000-0000-4000-8000-00000000000a', 'zrb-leaf',
    'Zrb Leaf'),
  ('c7e57000-0000-4000-8000-00000000000c', 'c7e57000-0000-4000-8000-00000000000a', 'zrb-sister',
    'Zrb Sister'),
  ('c7e57000-0000-4000-8000-00000000000d', null, 'zrb-other', 'Zrb Other');
insert into directory.businesses (
  id, name, city, state, primary_category_id, status, longitude, latitude
)
select
  ('b7e57000-0000-4000-8000-00000000000' || n)::uuid, 'Zrb ' || n, city, 'TX',
  ('c7e57000-0000-4000-8000-00000000000' || category)::uuid, status, longitude,
  longitude * 0 - 40
from (
  values
    ('1', 'b', 'Zrbcity', 'active', -30.0),   -- the business
    ('2', 'b', 'Zrbcity', 'active', -30.01),  -- the same, near
    ('3', 'b', 'Zrbcity', 'active', -30.2),   -- the same, farther
    ('4', 'c', 'Zrbcity', 'active', -30.01),  -- a sister, near
    ('5', 'd', 'Zrbcity', 'active', -30.0),   -- another category
    ('6', 'b', 'Zrbcity', 'draft', -30.0),    -- a draft
    ('7', 'b', 'Zrbville', 'active', 100.0),  -- the same, at the other end of the world
    ('8', 'b', 'Zrbcity', 'active', null),    -- the same, without a place
    ('9', 'c', 'Zrbville', 'active', 100.0)   -- a sister at the other end of the world
) as business (n, category, city, status, longitude);

create function pg_temp.related(n int, limit_count int default 10)
returns text
language sql
as $$
  select coalesce(string_agg(right(found.name, 1), ' ' order by found.place), 'none')
  from directory.related_businesses(
    ('b7e57000-0000-4000-8000-00000000000' || n)::uuid, limit_count
  ) with ordinality as found (
    id, name, slug, city, state, category_id, category_name, avg_rating, review_count,
    distance_meters, logo_url, place
  );
$$;
grant execute on function pg_temp.related(int, int) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.related(1), '2 4 3 7 8',
  'near ones of the category, near ones above it, far ones of the category');
select is(pg_temp.related(1, 2), '2 4', 'no more than asked for');
select is(pg_temp.related(5), 'none', 'one that is alone in its category has none');
select is(pg_temp.related(8), '1 2 3 7', 'one without a place has those of its category');
select is(
  (
    select (category_name, round(distance_meters))::text
    from directory.related_businesses('b7e57000-0000-4000-8000-000000000001', 1)
  ),
  format('("Zrb Leaf",%s)', round(extensions.st_distance('POINT(-30 -40)'::extensions.geography,
    'POINT(-30.01 -40)'))),
  'with category and geodesic distance'
);
select throws_ok(
  $$ select * from directory.related_businesses('b7e57000-0000-4000-8000-000000000006') $$,
  'PT404', null,
  'threat: a draft is asked for what is like it'
);
select throws_ok('select * from directory.related_businesses(null)', 'PT404', null,
  'nothing is like nothing');
select throws_ok(
  $$ select * from directory.related_businesses('b7e57000-0000-4000-8000-000000000001', 0) $$,
  'PL104', null,
  'no rows are refused'
);
reset role;

update directory.business_stats set quality_score = 5
where business_id = 'b7e57000-0000-4000-8000-000000000003';
set local session_replication_role = replica;
update directory.listings set popularity = 1
where business_id = 'b7e57000-0000-4000-8000-000000000007';
set local session_replication_role = origin;
select ops.set_setting('directory.related_weight_popularity', '5') is null as set_before;
set local role anon;
select is(split_part(pg_temp.related(1), ' ', 1), '7',
  'the operator moves what counts: a popular one comes first');
reset role;
select ops.set_setting('directory.related_weight_popularity', '0.4') is null as set_before;
set local session_replication_role = replica;
update directory.listings set visible_until = now() - interval '1 second'
where business_id = 'b7e57000-0000-4000-8000-000000000002';
set local session_replication_role = origin;
set local role anon;
select is(split_part(pg_temp.related(1), ' ', 1), '4', 'who is suspended by the clock is left out');
reset role;

-- a thousand of one category: the walks read their candidates and no more
insert into directory.businesses (
  name, city, state, primary_category_id, status, longitude, latitude
)
select 'Zrb more ' || n, 'Zrbcity', 'TX', 'c7e57000-0000-4000-8000-00000000000b', 'active',
  -30 + n * 0.001, -40
from generate_series(1, 1000) as n;
set local enable_seqscan = off;
select ops.set_setting('directory.related_candidates', '20') is null as set_before;
create function pg_temp.rows_read()
returns bigint
language sql
volatile
as $$
  select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
  from pg_stat_xact_user_tables
  where relid = 'directory.listings'::regclass;
$$;
analyze directory.listings;
select pg_temp.rows_read() as before \gset
set local role anon;
select is((select count(*) from directory.related_businesses(
  'b7e57000-0000-4000-8000-000000000001')), 6::bigint, 'six unless asked for another number');
reset role;
select cmp_ok(pg_temp.rows_read() - :before::bigint, '<=', 200::bigint,
  'three walks of 20 read little more than 60 rows, and those twice');
set local plan_cache_mode = 'force_generic_plan';
select pg_temp.rows_read() as before \gset
set local role anon;
select is((select count(*) from directory.related_businesses(
  'b7e57000-0000-4000-8000-000000000001')), 6::bigint, 'a session that forces generic plans');
reset role;
select cmp_ok(pg_temp.rows_read() - :before::bigint, '<=', 200::bigint, 'reads no more');
reset plan_cache_mode;

-- the planted defect: the orders without their indexes
drop index directory.listings_category_id_popularity_idx;
drop index directory.listings_category_id_city_idx;
select pg_temp.rows_read() as before \gset
set local role anon;
select is((select count(*) from directory.related_businesses(
  'b7e57000-0000-4000-8000-000000000001')), 6::bigint, 'planted: the answer is the same');
reset role;
select cmp_ok(pg_temp.rows_read() - :before::bigint, '>', 200::bigint,
  'planted: without the indexes the guard fails');
select volatility_is('directory', 'related_businesses', array['uuid', 'integer'], 'stable',
  'it writes nothing');

select * from finish();
rollback;
