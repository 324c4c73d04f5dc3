-- One wrong value harms nobody: it makes no other row old, and stops no table's upkeep.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(7);

create table ops.planted_numbers (id bigint primary key) partition by range (id);
alter table ops.planted_numbers enable row level security;
select ops.manage_partitions(
  'ops.planted_numbers', 'id', 'integer', step => 10, ahead => 4, retention_values => 1000
) \g /dev/null
insert into ops.planted_numbers select * from generate_series(0, 39);
insert into ops.planted_numbers values (1000000000000);
select is_empty(
  $$select * from ops.maintain_table('ops.planted_numbers') where action in ('detach', 'drop')$$,
  'a number that is far too great makes no other one old'
);
select is((select count(*)::int from ops.planted_numbers), 41, 'and no row is lost');

insert into ops.planted_numbers values (9223372036854775800), (-9223372036854775808);
select lives_ok($$select * from ops.maintain_partitions()$$, 'the ends of the type stop nothing');
select lives_ok($$select * from ops.partition_health$$, 'nor the view that alerts read');

create table ops.planted_times (at timestamptz primary key) partition by range (at);
alter table ops.planted_times enable row level security;
select ops.manage_partitions('ops.planted_times', 'at', 'month') \g /dev/null
insert into ops.planted_times values ('2020-01-05Z'), ('294276-12-15Z');
select ok(ops.begin_drain('ops.planted_times'), 'a time at the end of the type stops no drain');
select ops.abandon_drain('ops.planted_times') \g /dev/null

-- a table whose plan can not be made
create table ops.planted_broken (at timestamptz primary key, id int) partition by range (at);
alter table ops.planted_broken enable row level security;
select ops.manage_partitions('ops.planted_broken', 'at', 'month') \g /dev/null
insert into ops.planted_broken values ('2020-01-05Z');
update ops.partition_config set ahead = ahead + 1
where parent in ('ops.planted_broken'::regclass, 'ops.planted_times'::regclass);
alter table ops.planted_broken rename column at to happened_at;
create function pg_temp.run_all() returns int language plpgsql as $$
declare steps int := 0; begin
  while ops.upkeep_partitions() and steps < 50 loop steps := steps + 1; end loop;
  return steps;
end $$;
select cmp_ok(pg_temp.run_all(), '>', 0, 'upkeep goes on beside a table whose column was renamed');
select isnt_empty(
  $$select from ops.system_logs where message like 'upkeep of ops.planted_broken failed%'$$,
  'and says which one it could not plan'
);

select * from finish();
rollback;
