-- A year of simulated days in one run, under a time zone with daylight saving, with two changes of
-- interval: each row goes to the partition of its time, there is never a gap or an overlap, and no
-- row is lost.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(8);

set local timezone = 'America/New_York';
select setseed(0.42) \g /dev/null

create table ops.planted (id int not null, at timestamptz not null) partition by range (at);
-- the test archives by itself, without manifests
alter table ops.detached_partitions disable trigger detached_partitions_require_manifest;
create temporary table written (id int generated always as identity, at timestamptz not null);
create temporary table archived (id int, at timestamptz);
create temporary table faults (day int, what text);

-- What is wrong now: each child is held against its bounds in the catalogs.
create function pg_temp.look(day int)
returns void
language plpgsql
as $$
declare
  part record;
  strangers bigint;
begin
  for part in select * from ops.partition_bounds('ops.planted') loop
    execute format(
      'select count(*) from %s where not coalesce(at >= %L and at < %L, false)',
      part.child, part.lower_bound, part.upper_bound
    )
    into strangers;
    if strangers > 0 then
      insert into faults values (day, format('%s rows do not belong in %s', strangers, part.child));
    end if;
  end loop;
  insert into faults
  select day, 'a gap or an overlap'
  from (
    select
      lower_bound::timestamptz as first_moment,
      lag(upper_bound::timestamptz) over (order by lower_bound::timestamptz) as previous_end
    from ops.partition_bounds('ops.planted')
    where not is_default
  ) as parts
  where previous_end <> first_moment;
end;
$$;

create function pg_temp.live_a_year(first_day timestamptz)
returns void
language plpgsql
as $$
declare
  as_of timestamptz;
  detached record;
begin
  for day in 0..364 loop
    as_of := first_day + day * interval '24 hours' + random() * interval '24 hours';
    if day in (0, 130, 250) then
      perform ops.manage_partitions(
        'ops.planted', 'at',
        case day when 0 then 'month' when 130 then 'day' else 'week' end,
        ahead => case day when 0 then 2 else 9 end,
        retention => '90 days',
        retention_action => 'archive',
        as_of => as_of
      );
    end if;
    perform ops.maintain_table('ops.planted', as_of);
    for detached in
      select * from ops.detached_partitions where parent = 'ops.planted' and archived_at is null
    loop
      execute format('insert into archived select * from %s', detached.child);
      update ops.detached_partitions set archived_at = as_of where id = detached.id;
    end loop;

    -- up to a week early or late, and some right at midnight in UTC
    with new_rows as (
      insert into written (at)
      select case
        when n % 5 = 0 then date_trunc('day', moment + interval '1 day', 'UTC')
          - n % 2 * interval '1 microsecond'
        else moment
      end
      from generate_series(1, 20) as n
      cross join lateral (
        select greatest(as_of + (random() - 0.5) * 14 * interval '1 day', first_day) as moment
      ) as moments
      returning id, at
    )
    insert into ops.planted select id, at from new_rows;
    if day % 7 = 0 then
      perform pg_temp.look(day);
    end if;
  end loop;
  perform pg_temp.look(365);
end;
$$;
select pg_temp.live_a_year('2026-01-01 00:00+00') \g /dev/null

select is_empty(
  'select * from faults',
  'each row is in the partition of its time, and there is no gap and no overlap'
);
select is(
  ops.default_has_rows('ops.planted'), false, 'no row needed the default'
);
select results_eq(
  $$
    select id, at from ops.planted
    union all
    select id, at from archived
    order by id
  $$,
  'select id, at from written order by id',
  'no row is lost, doubled or changed: each is in the table or was archived'
);
select is((select count(*) from written), 7300::bigint, 'those are 20 a day');
select ok(
  (select max(at) from archived) < '2026-10-03 00:00+00',
  'none left before it was 90 days old'
);
select ok(
  (select min(at) from ops.planted) > '2026-09-20 00:00+00',
  'and none stayed longer than that by more than its partition spans'
);
select ok(
  (
    select count(*) filter (where to_regclass(child) is null) > 60
      and count(*) filter (where dropped_at is null) < 3
    from ops.detached_partitions
    where parent = 'ops.planted'
  ),
  'months, days and weeks were dropped in the course of the year'
);

-- planted: a gap
alter table ops.planted detach partition partitions.ops_planted_y2026w50;
delete from faults where true;
select pg_temp.look(366) \g /dev/null
select is(
  (select array_agg(what) from faults), array['a gap or an overlap'],
  'a gap is found when there is one'
);

select * from finish();
rollback;
