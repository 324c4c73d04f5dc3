-- A look around as anon walks the index of Mercator points. A policy of listings that looks at the
-- row would end that: planted below, it does.
-- Alters a policy in its transaction, so it must not run beside other files on one database.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
set local enable_seqscan = off;
select plan(14);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zgn-one', 'Zgncategory');
insert into directory.businesses (
  slug, name, city, state, primary_category_id, status, longitude, latitude
)
select
  'zgn-' || n, 'Zgn', 'Zgncity', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'active',
  -30 + n * 0.001, -40
from generate_series(1, 400) as n;

create function pg_temp.plan_of(query text)
returns table (indexes text[], nodes text[])
language plpgsql
as $$
declare
  plan jsonb;
begin
  execute 'explain (format json) ' || query into plan;
  return query
  select
    array(
      select distinct node #>> '{}' from jsonb_path_query(plan, 'strict $.**."Index Name"') as node
    ),
    array(
      select distinct node #>> '{}' from jsonb_path_query(plan, 'strict $.**."Node Type"') as node
    );
end;
$$;
grant execute on function pg_temp.plan_of(text) to anon;

-- the guard: the two ways in which find_nearby_businesses reads listings
create temporary table guard (place int, what text, query text) on commit drop;
insert into guard values
  (1, 'the walk to the nearest', $$
    select listings.location
    from directory.listings
    where listings.visible_until is null or listings.visible_until > now()
    order by directory_internal.mercator(listings.longitude, listings.latitude)
      operator(pg_catalog.<->) point(-3339584, -4865942)
    limit 20
  $$),
  (2, 'the circle around a place', $$
    select listings.business_id
    from directory.listings
    where (
        directory_internal.mercator(listings.longitude, listings.latitude)
          operator(pg_catalog.<@) circle(point(-3339584, -4865942), 7000)
        or directory_internal.mercator(listings.longitude, listings.latitude)
          operator(pg_catalog.<@) circle(point(36735433, -4865942), 7000)
      )
      and (listings.visible_until is null or listings.visible_until > now())
  $$);
grant select on guard to anon;
create temporary table counted (name text primary key, before bigint) on commit drop;
create function pg_temp.remember()
returns void
language sql
as $$
  delete from counted where true;
  insert into counted
  select name, pg_stat_get_xact_numscans(name::regclass)
  from unnest(array['directory.listings', 'directory.listings_mercator_idx']) as name;
$$;
create function pg_temp.since(counted_name text)
returns bigint
language sql
as $$
  select pg_stat_get_xact_numscans(counted.name::regclass) - counted.before
  from counted where counted.name = counted_name;
$$;

set local request.jwt.claims = '{}';
set local role anon;
select ok(
  'listings_mercator_idx' = any (plan.indexes),
  format('%s as anon goes through the index of points', guard.what)
)
from (select * from guard order by place) as guard
cross join lateral pg_temp.plan_of(guard.query) as plan;
select ok(
  not 'Sort' = any ((select nodes from guard, pg_temp.plan_of(query) where place = 1)::text[]),
  'the walk needs no sort: the index gives the order'
);
reset role;

select pg_temp.remember() is null as remembered;
set local role anon;
select is(
  (
    select count(*)
    from directory.find_nearby_businesses(longitude => -30, latitude => -40, limit_count => 20)
  ),
  20::bigint,
  'the look around finds what the guard is about'
);
reset role;
select cmp_ok(pg_temp.since('directory.listings_mercator_idx'), '>=', 2::bigint,
  'find_nearby_businesses used the index for the walk and for the circle');
select is(pg_temp.since('directory.listings'), 0::bigint,
  'find_nearby_businesses read listings by no sequential scan');

-- the function asks for plans of its own whatever the session prefers: a plan that does not know
-- the limit sorts the whole table
set local plan_cache_mode = 'force_generic_plan';
select pg_temp.remember() is null as remembered;
set local role anon;
select is(
  (
    select count(*)
    from directory.find_nearby_businesses(longitude => -30, latitude => -40, limit_count => 20)
  ),
  20::bigint,
  'a session that forces generic plans gets the same answer'
);
reset role;
select cmp_ok(pg_temp.since('directory.listings_mercator_idx'), '>=', 2::bigint,
  'and the same walk through the index');
reset plan_cache_mode;

-- the planted defect: a policy that looks at the row
alter policy listings_select_all on directory.listings
  using (business_id <> '00000000-0000-0000-0000-000000000000');
set local role anon;
select ok(
  not 'listings_mercator_idx' = any (plan.indexes),
  format('planted: under a policy that looks at the row the guard fails for %s', guard.what)
)
from (select * from guard where place = 2) as guard
cross join lateral pg_temp.plan_of(guard.query) as plan;
reset role;
select pg_temp.remember() is null as remembered;
set local role anon;
select is(
  (
    select count(*)
    from directory.find_nearby_businesses(longitude => -30, latitude => -40, limit_count => 20)
  ),
  20::bigint,
  'planted: the answer is the same'
);
reset role;
select cmp_ok(pg_temp.since('directory.listings_mercator_idx'), '<', 2::bigint,
  'planted: but find_nearby_businesses can not use the index for the circle');

alter policy listings_select_all on directory.listings using (true);
set local role anon;
select ok(
  'listings_mercator_idx' = any (plan.indexes),
  format('with the policy of the migration the guard holds again for %s', guard.what)
)
from (select * from guard order by place) as guard
cross join lateral pg_temp.plan_of(guard.query) as plan;
select is(
  (select count(*) from directory.find_nearby_businesses(longitude => -30, latitude => -40)),
  50::bigint,
  'and a look around is answered'
);
reset role;

select * from finish();
rollback;
