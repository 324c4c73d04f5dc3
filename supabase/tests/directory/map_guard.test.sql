-- A view of thousands costs what a view of few costs: it reads the counts of its cells and one
-- sample for each cluster, never the listings in it. Without the index of points, or with a level
-- of the grid that is not kept, the guard fails: planted below.
-- Drops an index in its transaction, so it must not run beside other files on one database.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
set local enable_seqscan = off;
select plan(10);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zgm-one', 'Zgmcategory');
-- 1,000 in a row along a parallel in the South Atlantic
insert into directory.businesses (
  name, city, state, primary_category_id, status, longitude, latitude
)
select 'Zgm ' || n, 'Zgmcity', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'active',
  -30 + n * 0.01, -40
from generate_series(1, 1000) as n;
do $$ begin while directory_internal.fold_map_counts() loop end loop; end; $$;
analyze directory.listings, directory_internal.map_cells, directory_internal.map_cell_deltas;

-- rows of a table read so far in this transaction, through indexes or in scans of it
create function pg_temp.rows_read(name text)
returns bigint
language sql
volatile
as $$
  select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
  from pg_stat_xact_user_tables
  where relid = rows_read.name::regclass;
$$;
create function pg_temp.view(bbox double precision[], zoom double precision, limit_count int)
returns text
language sql
as $$
  select format('%s in %s', sum(business_count), count(*))
  from directory.businesses_in_view(bbox, zoom, limit_count);
$$;
grant execute on function pg_temp.view(double precision[], double precision, int) to anon;

set local request.jwt.claims = '{}';
select
  pg_temp.rows_read('directory.listings') as before,
  pg_temp.rows_read('directory_internal.map_cells') as cells_before \gset
set local role anon;
select is(pg_temp.view('{-30.005, -41, -19.995, -39}', 5, 30), '1000 in 4', 'a wide view');
reset role;
select cmp_ok(pg_temp.rows_read('directory.listings') - :before::bigint, '<=', 50::bigint,
  'reads one listing more than its limit, and one for each cluster');
select cmp_ok(
  pg_temp.rows_read('directory_internal.map_cells') - :cells_before::bigint, '<=', 60::bigint,
  'and the cells of a level not much finer than what it shows'
);

select
  pg_temp.rows_read('directory.listings') as before,
  pg_temp.rows_read('directory_internal.map_cells') as cells_before \gset
set local role anon;
select is(pg_temp.view('{-30.005, -41, -19.995, -39}', 24, 30), '1000 in 30',
  'threat: one that claims to be near, to have the finest cells read');
reset role;
select cmp_ok(pg_temp.rows_read('directory.listings') - :before::bigint, '<=', 70::bigint,
  'reads no more listings');
select cmp_ok(
  pg_temp.rows_read('directory_internal.map_cells') - :cells_before::bigint, '<=', 400::bigint,
  'and no finer cells'
);

-- the planted defects: a bound that is none, and points without their index
select ops.set_setting('directory.map_columns_maximum', '256') is null as set_before;
select pg_temp.rows_read('directory_internal.map_cells') as cells_before \gset
set local role anon;
select is(pg_temp.view('{-30.005, -41, -19.995, -39}', 24, 30), '1000 in 30',
  'planted: with finer cells the answer is the same');
reset role;
select cmp_ok(
  pg_temp.rows_read('directory_internal.map_cells') - :cells_before::bigint, '>', 400::bigint,
  'planted: but more cells are read, and the guard fails'
);
drop index directory.listings_mercator_idx;
select pg_temp.rows_read('directory.listings') as before \gset
set local role anon;
select is(pg_temp.view('{-30.005, -41, -19.995, -39}', 5, 30), '1000 in 4',
  'planted: without the index the answer is the same');
reset role;
select cmp_ok(pg_temp.rows_read('directory.listings') - :before::bigint, '>', 50::bigint,
  'planted: but all listings are read, and the guard fails');

select * from finish();
rollback;
