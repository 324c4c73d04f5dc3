-- The counts of the map follow the listings: those that come, go and move, folded or not; a rating
-- notes nothing; what is written past the triggers is found and repaired.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(17);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zmc-one', 'Zmccategory');
insert into directory.businesses (
  id, name, city, state, primary_category_id, status, longitude, latitude
)
select
  ('b7e57000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Zmc ' || n, 'Zmccity', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'active', -30 + n * 0.00001, -40
from generate_series(1, 10) as n;

create function pg_temp.count_at(longitude double precision, latitude double precision)
returns text
language sql
as $$
  select string_agg(coalesce(counted.count, 0)::text, ' ' order by kept.level)
  from unnest(directory_internal.map_levels()) as kept (level)
  left join lateral (
    select sum(cells.business_count) as count
    from (
      select map_cells.level, map_cells.x, map_cells.y, map_cells.business_count
      from directory_internal.map_cells
      union all
      select level, x, y, business_count from directory_internal.map_cell_deltas
    ) as cells
    cross join directory_internal.mercator(count_at.longitude, count_at.latitude) as place
    where cells.level = kept.level
      and cells.x = directory_internal.map_cell(place[0], kept.level)
      and cells.y = directory_internal.map_cell(-place[1], kept.level)
  ) as counted on true;
$$;

select is(pg_temp.count_at(-30, -40), '10 10 10 10 10 10', 'listings that come are counted');
select is_empty('select * from directory_internal.map_drift()', 'and all of them are right');
select ok(
  not directory_internal.fold_map_counts(), 'a fold that takes all says that no more waits'
);
select is((select count(*) from directory_internal.map_cell_deltas), 0::bigint,
  'a fold leaves no delta behind');
select is(pg_temp.count_at(-30, -40), '10 10 10 10 10 10', 'and changes no count');

update directory.businesses set tags = '{zmc}' where city = 'Zmccity';
select is((select count(*) from directory_internal.map_cell_deltas), 0::bigint,
  'a change of the text notes nothing');
update directory.businesses set longitude = 30, latitude = 40
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(
  pg_temp.count_at(-30, -40) || ', ' || pg_temp.count_at(30, 40),
  '9 9 9 9 9 9, 1 1 1 1 1 1',
  'a listing that moves is counted where it went'
);
update directory.businesses set status = 'deleted'
where id = 'b7e57000-0000-4000-8000-000000000002';
select is(pg_temp.count_at(-30, -40), '8 8 8 8 8 8', 'a listing that goes is not counted');
update directory.businesses set longitude = null, latitude = null
where id = 'b7e57000-0000-4000-8000-000000000003';
select is(pg_temp.count_at(-30, -40), '7 7 7 7 7 7', 'nor is one that loses its place');
update directory.businesses set longitude = 180, latitude = -90
where id = 'b7e57000-0000-4000-8000-000000000003';
select is(pg_temp.count_at(180, -90), '1 1 1 1 1 1', 'the last corner of the map is a cell');
select is_empty('select * from directory_internal.map_drift()', 'all of it is right');

select ops.set_setting('directory.map_fold_batch', '1') is null as set_before;
select ok(directory_internal.fold_map_counts(), 'a fold that reaches its cap says that more waits');
select is_empty('select * from directory_internal.map_drift()', 'half a fold is right, too');
do $$ begin while directory_internal.fold_map_counts() loop end loop; end; $$;
select is(
  pg_temp.count_at(-30, -40) || ', ' || pg_temp.count_at(30, 40),
  '7 7 7 7 7 7, 1 1 1 1 1 1',
  'folded, the counts are the same'
);
delete from directory.businesses where city = 'Zmccity';
do $$ begin while directory_internal.fold_map_counts() loop end loop; end; $$;
select is_empty(
  'select * from directory_internal.map_cells where business_count <= 0',
  'a cell that is empty goes'
);

update directory_internal.map_cells set business_count = business_count + 2 where level = 3;
select is(
  directory_internal.recount_map(),
  (select count(*)::int from directory_internal.map_cells where level = 3),
  'planted: counts that are wrong are found'
);
select is_empty('select * from directory_internal.map_drift()', 'and repaired');

select * from finish();
rollback;
