-- What alerts look at: whether the present and what lies ahead has partitions.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(5);

create table ops.planted (at timestamptz not null) partition by range (at);
select ops.manage_partitions('ops.planted', 'at', 'day', ahead => 2) \g /dev/null
create temporary view health as
select
  ready_ahead,
  covered_until::timestamptz - date_trunc('day', now(), 'UTC') as covered,
  oldest_bound::timestamptz - date_trunc('day', now(), 'UTC') as oldest,
  partitions,
  has_default,
  default_has_rows
from ops.partition_health
where parent = 'ops.planted'::regclass;
create function pg_temp.child(day int)
returns regclass
language sql
as $$
  select child
  from ops.partition_bounds('ops.planted')
  where lower_bound::timestamptz = date_trunc('day', now(), 'UTC') + child.day * interval '1 day'
$$;
create function pg_temp.drop_child(day int)
returns void
language plpgsql
as $$
begin
  execute format('drop table %s', pg_temp.child(day));
end;
$$;

select results_eq(
  'table health',
  $$values (2, interval '3 days', interval '0', 3::bigint, true, false)$$,
  'a table that is well'
);
update ops.partition_config set ahead = 4 where parent = 'ops.planted'::regclass;
insert into ops.planted values (now() + interval '10 days');
select results_eq(
  'table health',
  $$values (2, interval '3 days', interval '0', 3::bigint, true, true)$$,
  'one that is behind, with a row that came too early'
);
select pg_temp.drop_child(1) \g /dev/null
select results_eq(
  'table health',
  $$values (0, interval '1 day', interval '0', 2::bigint, true, true)$$,
  'one with a gap tomorrow'
);
select pg_temp.drop_child(0) \g /dev/null
drop table partitions.ops_planted_default;
select results_eq(
  'table health',
  $$values (-1, null::interval, interval '2 days', 1::bigint, false, false)$$,
  'one that has no place for the present'
);

create table ops.planted_numbers (id bigint not null) partition by range (id);
select ops.manage_partitions('ops.planted_numbers', 'id', 'integer', step => 10, ahead => 2)
\g /dev/null
insert into ops.planted_numbers values (25);
select results_eq(
  $$
    select ready_ahead, covered_until, oldest_bound
    from ops.partition_health
    where parent = 'ops.planted_numbers'::regclass
  $$,
  $$values (0, '30', '0')$$,
  'numbers are counted from the greatest'
);

select * from finish();
rollback;
