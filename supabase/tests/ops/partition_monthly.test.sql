-- The old name for monthly upkeep makes the partitions of tables by month, and of no others.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(3);

create table ops.planted_months (at timestamptz not null) partition by range (at);
create table ops.planted_days (at timestamptz not null) partition by range (at);
alter table ops.planted_months enable row level security;
alter table ops.planted_days enable row level security;
select
  ops.manage_partitions('ops.planted_months', 'at', 'month', ahead => 1),
  ops.manage_partitions('ops.planted_days', 'at', 'day', ahead => 1)
\g /dev/null
update ops.partition_config set ahead = 2
where parent in ('ops.planted_months'::regclass, 'ops.planted_days'::regclass);

select is_empty(
  $$select child from ops.create_monthly_partitions() where action = 'blocked'$$,
  'nothing stands in the way'
);
select results_eq(
  $$
    select lower_bound::timestamptz = date_trunc('month', now(), 'UTC') + interval '2 months'
    from ops.partitions
    where parent = 'ops.planted_months'::regclass and not is_default
    order by lower_bound::timestamptz desc
    limit 1
  $$,
  $$values (true)$$,
  'the month that was missing is there'
);
select is(
  (
    select count(*)::int from ops.partitions
    where parent = 'ops.planted_days'::regclass and not is_default
  ),
  2,
  'a table by days waits for its own upkeep'
);

select * from finish();
rollback;
