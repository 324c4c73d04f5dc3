-- A job acts on the table that it was made for, and leaves what is somebody's by now.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(16);

select pg_temp.detach() \g /dev/null
select pg_temp.work() \g /dev/null
select ops.maintain_table('public.planted_events', '2025-03-10', '{drop}') \g /dev/null
select job_id as archived from archive.manifest \gset
\set january partitions.public_planted_events_y2025m01

-- attached by hand while it is being filled
select archive.restore(:'archived') \g /dev/null
select pg_temp.work(1) \g /dev/null
alter table public.planted_events attach partition :january
  for values from ('2025-01-01 00:00+00') to ('2025-02-01 00:00+00');
insert into public.planted_events (at, note) values ('2025-01-20', 'live');
select count(*) as rows from public.planted_events \gset
select is(pg_temp.work(), 'failed', 'a restore whose table somebody has attached ends at once');
select results_eq(
  $$select status, errors -> -1 ->> 'error' from archive.jobs where kind = 'restore'$$,
  $$
    values ('failed', 'Table partitions.public_planted_events_y2025m01 is not the one that the job '
      'was made for: that one is gone, or is a partition.')
  $$,
  'and says why'
);
update archive.jobs set phase = 'verify' where kind = 'restore';
select archive.record_failure(id, 'planted') from archive.jobs where kind = 'restore' \g /dev/null
select is(
  (select count(*) from public.planted_events), :rows::bigint,
  'threat: sums that do not agree empty a partition that people write to'
);
select ok(archive.release(:'archived'), 'it is released');
select is(
  (select count(*) from public.planted_events), :rows::bigint,
  'threat: a release drops a partition that people write to'
);
select is_empty($$select from archive.jobs where kind = 'restore'$$, 'and the job is gone');
select isnt_empty(
  $$select from ops.system_logs where source = 'archive' and message ~ '^release of .* leaves '$$,
  'the log says that the table stays'
);

-- attached by hand while a chunk is on its way
alter table public.planted_events detach partition :january;
drop table :january;
select archive.restore(:'archived') \g /dev/null
create temporary table fetched as select * from ops.next_archive_work();
alter table public.planted_events attach partition :january
  for values from ('2025-01-01 00:00+00') to ('2025-02-01 00:00+00');
select throws_ok(
  $$
    select ops.load_archive_chunk(fetched.job, fetched.lease, fetched.number, stored.content)
    from fetched
    join public.planted_store as stored using (path)
  $$,
  'PL100', null, 'a chunk is not loaded into a partition'
);
select archive.release(:'archived') \g /dev/null

-- dropped by hand, and another one of its name
alter table public.planted_events detach partition :january;
drop table :january;
select archive.restore(:'archived') \g /dev/null
drop table :january;
select ops.attach_partition(
  'public.planted_events',
  ops.build_partition('public.planted_events', '2025-01-01 00:00+00', '2025-02-01 00:00+00'),
  '2025-01-01 00:00+00', '2025-02-01 00:00+00'
) \g /dev/null
insert into public.planted_events (at, note)
select '2025-01-05', 'late' from generate_series(1, 7);
select is(
  pg_temp.work(), 'failed', 'a restore whose table was dropped fills no other one of its name'
);
select archive.release(:'archived') \g /dev/null
select is(
  (select count(*) from public.planted_events where note = 'late'), 7::bigint,
  'and its release drops no other one'
);

-- what is its own it drops, begun or done
select archive.restore(:'archived', attach => false) \g /dev/null
select format('archive.%I', 'restored_' || :'archived') as restored \gset
select pg_temp.work(1) \g /dev/null
select archive.release(:'archived') \g /dev/null
select hasnt_table('archive', 'restored_' || :'archived', 'what was begun is dropped');
select archive.restore(:'archived', attach => false) \g /dev/null
select pg_temp.work() \g /dev/null
select archive.release(:'archived') \g /dev/null
select hasnt_table('archive', 'restored_' || :'archived', 'what was done is dropped');
select archive.restore(:'archived', attach => false) \g /dev/null
drop table :restored;
select is(pg_temp.work(), 'failed', 'a restore whose table is gone ends');
select ok(archive.release(:'archived'), 'and is released');

-- an export
select pg_temp.detach() \g /dev/null
select pg_temp.work(2) \g /dev/null
select child as exported from ops.detached_partitions where dropped_at is null \gset
drop table :exported;
select ops.attach_partition(
  'public.planted_events',
  ops.build_partition('public.planted_events', '2025-01-01 00:00+00', '2025-02-01 00:00+00'),
  '2025-01-01 00:00+00', '2025-02-01 00:00+00'
) \g /dev/null
select is(pg_temp.work(), '', 'an export whose table was dropped ends');
select ok(
  not ops.is_guarded('partitions.public_planted_events_y2025m01'),
  'and shuts no other one of its name'
);

select * from finish();
rollback;
