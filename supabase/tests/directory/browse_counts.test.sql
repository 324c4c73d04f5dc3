-- The total of a list is exact, or an estimate that says so and costs no more than a few rows.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(17);

insert into directory.categories (id, slug, name) values
  ('c7e57000-0000-4000-8000-00000000000a', 'zbc-many', 'Zbc Many'),
  ('c7e57000-0000-4000-8000-00000000000b', 'zbc-few', 'Zbc Few');
insert into directory.businesses (name, city, state, primary_category_id, status)
select 'Zbc ' || n, 'Zbccity', 'TX',
  ('c7e57000-0000-4000-8000-00000000000' || case when n <= 45 then 'a' else 'b' end)::uuid,
  'active'
from generate_series(1, 50) as n;
select directory_internal.fold_category_counts() >= 0 as folded;
analyze directory.listings;
select ops.set_setting('directory.exact_count_maximum', '10') is null as set_before;

create function pg_temp.total(filters jsonb, count_method text, page_number int default 1)
returns text
language sql
as $$
  select concat_ws(
    ' ', total_count, page_info ->> 'totalPages', page_info ->> 'hasNext',
    page_info ->> 'totalIsExact'
  )
  from directory.api_get_businesses(total.page_number, 20, filters => total.filters,
    count_method => total.count_method);
$$;
grant execute on function pg_temp.total(jsonb, text, int) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.total('{"category": "zbc-many"}', 'exact'), '45 3 true', 'an exact total');
select is(pg_temp.total('{"category": "zbc-few"}', 'estimated'), '5 1 false',
  'up to the setting an estimate is exact, and says nothing');
select is(pg_temp.total('{"category": "zbc-many"}', 'estimated'), '45 3 true false',
  'beyond, the number kept for the category tells it');
select is(pg_temp.total('{"city": "Zbccity"}', 'estimated'), '11 1 true false',
  'for other filters it is the least there is, and the page knows that another follows');
select is(pg_temp.total('{"city": "Zbccity"}', 'estimated', 3), '11 1 false false',
  'the last page knows that none follows, whatever the estimate');
select is(pg_temp.total('{"city": "Zbccity"}', 'exact', 3), '50 3 false', 'which is the truth');
select is(
  split_part(pg_temp.total('{}', 'estimated'), ' ', 1)::bigint,
  (select count(*) from directory.listings),
  'without a filter it is the number of rows that the planner knows'
);
select is(
  (
    select array_agg(key order by key)
    from directory.api_get_businesses(count_method => 'exact') as page
    cross join jsonb_object_keys(page.page_info) as key
  ),
  array['currentPage', 'hasNext', 'hasPrevious', 'pageSize', 'totalCount', 'totalPages'],
  'an exact page has the keys of the document and no others'
);
select throws_ok(
  $$ select * from directory.api_get_businesses(count_method => 'roughly') $$,
  'PL198', 'There is no way of counting roughly.',
  'another way of counting is refused'
);
select throws_ok(
  $$ select * from directory.api_get_businesses(count_method => null) $$,
  'PL198', null,
  'so is none'
);
reset role;

-- D-84: a filtered list after many unfiltered ones in one session must not fall back to a plan that
-- reads the table
set local enable_seqscan = off;
create function pg_temp.scans()
returns bigint
language sql
volatile
as $$ select pg_stat_get_xact_numscans('directory.listings'::regclass) $$;
set local role anon;
select count(pg_temp.total('{}', 'exact'))::int as warmed from generate_series(1, 8);
reset role;
select pg_temp.scans() as before \gset
set local role anon;
select is(pg_temp.total('{"category": "zbc-many"}', 'exact'), '45 3 true',
  'a filtered list after eight unfiltered ones is right');
reset role;
select is(pg_temp.scans(), :before::bigint, 'and scans no table');
-- planted: one plan for all, as the source document has it
prepare one_plan (uuid) as
select count(*) from directory.listings
where $1 is null or listings.category_ids @> array[$1];
set local plan_cache_mode = 'force_generic_plan';
select pg_temp.scans() as before \gset
set local role anon;
execute one_plan ('c7e57000-0000-4000-8000-00000000000a');
reset role;
select cmp_ok(pg_temp.scans(), '>', :before::bigint,
  'planted: one plan for every filter scans the table');
select pg_temp.scans() as before \gset
set local role anon;
select is(pg_temp.total('{"category": "zbc-many"}', 'exact'), '45 3 true',
  'a session that forces generic plans gets the same answer');
reset role;
select is(pg_temp.scans(), :before::bigint, 'and still scans no table');
reset plan_cache_mode;

select is(
  (select count(*) from ops.settings where key = 'directory.exact_count_maximum'), 1::bigint,
  'where to stop counting is a setting'
);
select is(
  (
    select count(*) from private.error_codes
    where code in ('PL195', 'PL196', 'PL197', 'PL198', 'PL199', 'PL200')
  ),
  6::bigint,
  'the codes of lists and places are registered'
);

select * from finish();
rollback;
