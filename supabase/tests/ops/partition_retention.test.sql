-- Rows leave by age, a whole partition at once: first detached, then dropped by a later action, and
-- never before they are archived where that is asked for.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(15);

create table ops.planted (at timestamptz not null) partition by range (at);
create function pg_temp.manage(retention interval, retention_action text, as_of timestamptz)
returns void
language sql
as $$
  select ops.manage_partitions(
    'ops.planted', 'at', 'month', ahead => 1, retention => manage.retention,
    retention_action => manage.retention_action, as_of => manage.as_of
  )
$$;
create function pg_temp.removed(as_of timestamptz)
returns text[]
language sql
as $$
  select coalesce(array_agg(format('%s %s', action, right(child, 8))), '{}')
  from ops.maintain_table('ops.planted', removed.as_of)
  where action <> 'create'
$$;

select pg_temp.manage(null, 'drop', '2026-01-15 00:00+00') \g /dev/null
insert into ops.planted values ('2026-01-10 00:00+00'), ('2026-02-10 00:00+00');
select is(
  pg_temp.removed('2026-03-31 00:00+00'), '{}', 'without a retention every partition stays'
);

select pg_temp.manage('1 month', 'keep', '2026-02-15 00:00+00') \g /dev/null
select is(
  pg_temp.removed('2026-02-28 23:59+00'), '{}', 'a partition stays while any of it is young enough'
);
select is(
  pg_temp.removed('2026-03-01 00:00+00'), array['detach y2026m01'],
  'it is detached when all of it is older than the retention'
);
select results_eq(
  'select count(*) from ops.planted', array[1::bigint], 'its rows are no longer in the table'
);
select results_eq(
  'select count(*) from partitions.ops_planted_y2026m01', array[1::bigint],
  'but stand in the detached partition'
);
select results_eq(
  $$
    select parent, lower_bound, upper_bound, detached_at, archived_at, dropped_at
    from ops.detached_partitions
    where child = 'partitions.ops_planted_y2026m01'
  $$,
  $$
    values ('ops.planted', '2026-01-01 00:00:00+00', '2026-02-01 00:00:00+00',
      '2026-03-01 00:00+00'::timestamptz, null::timestamptz, null::timestamptz)
  $$,
  'and are written down for the archive'
);
select is(pg_temp.removed('2026-03-02 00:00+00'), '{}', 'with keep it stays detached');

select pg_temp.manage('1 month', 'archive', '2026-03-15 00:00+00') \g /dev/null
select is(
  pg_temp.removed('2026-04-01 00:00+00'), array['detach y2026m02'],
  'with archive a partition is detached, too'
);
select is(
  pg_temp.removed('2026-04-02 00:00+00'), '{}', 'and not dropped while it is not archived'
);
-- in place of the archive, which would write a manifest
alter table ops.detached_partitions disable trigger detached_partitions_require_manifest;
update ops.detached_partitions
set archived_at = '2026-04-03 00:00+00'
where child = 'partitions.ops_planted_y2026m02';
select is(
  pg_temp.removed('2026-04-03 00:00+00'), array['drop y2026m02'],
  'it is dropped when it is archived; the other one is not'
);
select results_eq(
  $$
    select to_regclass(child)::text, dropped_at
    from ops.detached_partitions
    where child like '%y2026m02'
  $$,
  $$values (null, '2026-04-03 00:00+00'::timestamptz)$$,
  'a dropped partition is gone, and its record says when'
);

select pg_temp.manage('1 month', 'drop', '2026-04-03 00:00+00') \g /dev/null
alter table ops.planted attach partition partitions.ops_planted_y2026m01
for values from ('2026-01-01 00:00+00') to ('2026-02-01 00:00+00');
select is_empty(
  $$
    select child
    from ops.partition_plan('ops.planted', '2026-04-03 00:00+00')
    where action = 'drop'
  $$,
  'a partition that somebody attached again is not dropped'
);
select is(
  pg_temp.removed('2026-04-04 00:00+00'), array['reattached y2026m01', 'detach y2026m01'],
  'it is detached again in its time, and not dropped by the same call'
);
drop table partitions.ops_planted_y2026m01;
select is(
  pg_temp.removed('2026-04-05 00:00+00'), array['drop y2026m01'],
  'one that somebody dropped by hand is ticked off'
);

create table ops.planted_numbers (id bigint not null) partition by range (id);
select ops.manage_partitions(
  'ops.planted_numbers', 'id', 'integer', ahead => 3, step => 10, retention_values => 15
) \g /dev/null
insert into ops.planted_numbers values (5), (34);
select results_eq(
  $$
    select action, child, detail
    from ops.maintain_table('ops.planted_numbers', actions => '{detach}')
  $$,
  $$values ('detach', 'partitions.ops_planted_numbers_i0', '0 to 10')$$,
  'numbers leave when they lie that far below the greatest'
);

select * from finish();
rollback;
