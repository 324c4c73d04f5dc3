-- Bounds are in UTC whatever the session's time zone and date style: made in New York, a month that
-- began at 05:00 left rows without a partition.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(7);

create table ops.planted (at timestamptz not null) partition by range (at);
set local timezone = 'America/New_York';
set local datestyle = 'German';
-- still the 31st of October there; daylight saving ends on the 1st of November
select ops.manage_partitions(
  'ops.planted', 'at', 'month', ahead => 1, retention => '1 month', as_of => '2026-11-01 00:30+00'
) \g /dev/null
set local timezone = 'Asia/Kolkata';
set local datestyle = 'SQL, DMY';
select ops.maintain_table('ops.planted', '2026-12-31 19:00+00') \g /dev/null

create temporary view expected as
values
  ('partitions.ops_planted_default'::regclass, null, null, true),
  ('partitions.ops_planted_y2026m11', '2026-11-01 00:00:00+00', '2026-12-01 00:00:00+00', false),
  ('partitions.ops_planted_y2026m12', '2026-12-01 00:00:00+00', '2027-01-01 00:00:00+00', false),
  ('partitions.ops_planted_y2027m01', '2027-01-01 00:00:00+00', '2027-02-01 00:00:00+00', false);
select set_eq(
  'select * from ops.partition_bounds(''ops.planted'')', 'table expected',
  'partitions made under other time zones and date styles begin at midnight in UTC'
);

insert into ops.planted values ('2026-11-30 23:59:59.999999+00'), ('2026-12-01 00:00+00');
select results_eq(
  'select tableoid::regclass::text, count(*) from ops.planted group by 1 order by 1',
  $$values ('partitions.ops_planted_y2026m11', 1::bigint), ('partitions.ops_planted_y2026m12', 1)$$,
  'the last instant of a month and the first of the next are in their own'
);

set local timezone = 'Pacific/Kiritimati';
select set_eq(
  'select * from ops.partition_bounds(''ops.planted'')', 'table expected',
  'bounds read the same under every time zone'
);
select results_eq(
  'select * from ops.partition_range(''ops.planted'', ''2027-04-01 00:00+00'')',
  $$values ('2027-04-01 00:00:00+00', '2027-05-01 00:00:00+00')$$,
  'so do periods'
);
-- 1 January there, 31 December in UTC: December is not older than a month before it ends
select is_empty(
  $$
    select child
    from ops.partition_plan('ops.planted', '2026-12-31 23:59+00')
    where action = 'detach'
  $$,
  'a partition is not older than its retention a second too early'
);
select results_eq(
  $$
    select child
    from ops.partition_plan('ops.planted', '2027-01-01 00:00+00')
    where action = 'detach'
  $$,
  array['partitions.ops_planted_y2026m11'],
  'and is so to the second, in UTC'
);

-- clocks went from 01:59 to 03:00 and from 01:59 to 01:00
set local timezone = 'America/New_York';
create table ops.planted_hours (at timestamptz not null) partition by range (at);
select ops.manage_partitions(
  'ops.planted_hours', 'at', 'hour', ahead => 47, as_of => '2026-03-08 00:00+00'
) \g /dev/null
select ops.maintain_table('ops.planted_hours', '2026-10-31 12:00+00') \g /dev/null
select results_eq(
  $$
    select count(*), min(upper_bound::timestamptz - lower_bound::timestamptz),
      max(upper_bound::timestamptz - lower_bound::timestamptz)
    from ops.partition_bounds('ops.planted_hours')
    where not is_default
  $$,
  $$values (96::bigint, interval '1 hour', interval '1 hour')$$,
  'each hour around a change of the clocks has its partition'
);

select * from finish();
rollback;
