-- One call does what is due for every managed table, and says what it did.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(4);

-- nothing else is due
delete from ops.partition_config where true;
create table ops.planted_days (at date not null) partition by range (at);
create table ops.planted_months (at timestamptz not null) partition by range (at);
create table ops.planted_gone (at timestamptz not null) partition by range (at);
select ops.manage_partitions(
  parent, 'at', unit, ahead => 1, retention => '1 month', as_of => '2026-11-30 12:00+00'
)
from (
  values
    ('ops.planted_days'::regclass, 'day'), ('ops.planted_months', 'month'),
    ('ops.planted_gone', 'month')
) as parents (parent, unit) \g /dev/null
drop table ops.planted_gone;

select results_eq(
  $$select * from ops.maintain_partitions('2027-01-01 00:00+00')$$,
  $$
    values
      ('ops.planted_days'::regclass, 'create', 'partitions.ops_planted_days_y2027m01d01',
        '2027-01-01 00:00:00+00 to 2027-01-02 00:00:00+00'),
      ('ops.planted_days', 'create', 'partitions.ops_planted_days_y2027m01d02',
        '2027-01-02 00:00:00+00 to 2027-01-03 00:00:00+00'),
      ('ops.planted_days', 'detach', 'partitions.ops_planted_days_y2026m11d30',
        '2026-11-30 to 2026-12-01'),
      ('ops.planted_months', 'create', 'partitions.ops_planted_months_y2027m01',
        '2027-01-01 00:00:00+00 to 2027-02-01 00:00:00+00'),
      ('ops.planted_months', 'create', 'partitions.ops_planted_months_y2027m02',
        '2027-02-01 00:00:00+00 to 2027-03-01 00:00:00+00'),
      ('ops.planted_months', 'detach', 'partitions.ops_planted_months_y2026m11',
        '2026-11-01 00:00:00+00 to 2026-12-01 00:00:00+00')
  $$,
  'what is due of each table is done in order: make, then detach; a table that is gone is passed by'
);
select results_eq(
  $$select parent, action, child from ops.maintain_partitions('2027-01-01 00:00+00')$$,
  $$
    values
      ('ops.planted_days'::regclass, 'drop', 'partitions.ops_planted_days_y2026m11d30'),
      ('ops.planted_months', 'drop', 'partitions.ops_planted_months_y2026m11')
  $$,
  'the next call drops what this one detached'
);
select is_empty(
  $$select * from ops.maintain_partitions('2027-01-01 00:00+00')$$,
  'a third one finds nothing to do'
);

delete from ops.partition_config where parent <> 'ops.planted_months'::regclass;
update ops.partition_config
set ahead = 1 + ahead_of_now.months
from (
  select count(*)::int as months from ops.partition_bounds('ops.planted_months')
) as ahead_of_now
where true;
select ok(
  (
    select count(*) > 0
      and bool_and(action = 'create' and parent = 'ops.planted_months'::regclass)
    from ops.create_monthly_partitions()
  ),
  'the name of old makes the months that are due now, and removes nothing'
);

select * from finish();
rollback;
