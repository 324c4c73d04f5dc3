-- Who serves a place is found through the indexes of areas and radii, also when the caller is
-- nobody. Under the policies, which look at the row, no index would answer: planted below.
-- Alters a function in its transaction, so it must not run beside other files on one database.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
set local enable_seqscan = off;
select plan(8);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zgs-one', 'Zgscategory');
-- 400 in a row along a parallel in the South Atlantic; the even ones draw, the odd ones have a
-- radius of 5 miles
insert into directory.businesses (
  id, name, city, state, primary_category_id, status, longitude, latitude,
  service_area_radius_miles
)
select
  ('b7e57000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Zgs ' || n, 'Zgscity', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'active', -40 + n * 0.1, -40,
  case when n % 2 = 1 then 5 end
from generate_series(1, 400) as n;
insert into directory.service_areas (business_id, area)
select
  businesses.id,
  extensions.st_multi(extensions.st_buffer(businesses.location::extensions.geometry, 0.05))
from directory.businesses
where city = 'Zgscity' and service_area_radius_miles is null;

-- rows of businesses and areas read so far in this transaction, through indexes or in scans
create function pg_temp.rows_read()
returns bigint
language sql
volatile
as $$
  select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint
  from pg_stat_xact_user_tables
  where relid in ('directory.businesses'::regclass, 'directory.service_areas'::regclass);
$$;
create function pg_temp.serving(longitude double precision)
returns text
language sql
as $$
  select string_agg(found.name, ', ')
  from directory.businesses_serving(serving.longitude, -40) as found;
$$;
grant execute on function pg_temp.serving(double precision) to anon;

set local request.jwt.claims = '{}';
select pg_temp.rows_read() as before \gset
set local role anon;
select is(pg_temp.serving(-20), 'Zgs 200', 'who draws around the place');
reset role;
select cmp_ok(pg_temp.rows_read() - :before::bigint, '<=', 20::bigint,
  'is found by few reads among 200 areas and 200 radii');
select pg_temp.rows_read() as before \gset
set local role anon;
select is(pg_temp.serving(-19.9), 'Zgs 201', 'who reaches it by a radius');
reset role;
select cmp_ok(pg_temp.rows_read() - :before::bigint, '<=', 20::bigint, 'is found by as few');

-- the planted defects: a body that runs as the caller, and a radius without its index
alter function directory_internal.serving(extensions.geography, uuid, int) security invoker;
grant execute on function directory_internal.served_box(double precision, double precision, int)
  to anon;
select pg_temp.rows_read() as before \gset
set local role anon;
select is(pg_temp.serving(-19.9), 'Zgs 201', 'planted: as the caller the answer is the same');
reset role;
select cmp_ok(pg_temp.rows_read() - :before::bigint, '>', 20::bigint,
  'planted: but the policies keep it from the indexes, and the guard fails');
alter function directory_internal.serving(extensions.geography, uuid, int) security definer;
drop index directory.businesses_served_box_idx;
select pg_temp.rows_read() as before \gset
set local role anon;
select is(pg_temp.serving(-19.9), 'Zgs 201', 'planted: without the index the answer is the same');
reset role;
select cmp_ok(pg_temp.rows_read() - :before::bigint, '>', 20::bigint,
  'planted: but all radii are read, and the guard fails');

select * from finish();
rollback;
