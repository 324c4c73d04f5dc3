-- A partition that waits for the archive is not dropped because somebody says that it is archived.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(8);

select pg_temp.detach() \g /dev/null
select child from ops.detached_partitions where parent = 'public.planted_events' \gset

select throws_ok(
  format('update ops.detached_partitions set archived_at = now() where child = %L', :'child'),
  'PL017', null, 'without a manifest nothing counts as archived'
);
select throws_ok(
  format('update ops.detached_partitions set dropped_at = now() where child = %L', :'child'),
  'PL017', null, 'nor as dropped'
);
select pg_temp.work(4) \g /dev/null
select throws_ok(
  format('update ops.detached_partitions set archived_at = now() where child = %L', :'child'),
  'PL017', null, 'some chunks are no manifest'
);
select pg_temp.work() \g /dev/null
select isnt(
  (select archived_at from ops.detached_partitions where child = :'child'), null,
  'the export itself sets it'
);

savepoint with_manifest;
delete from archive.manifest where true;
select throws_ok(
  $$select ops.maintain_table('public.planted_events', '2025-03-10', '{drop}')$$,
  'PL017', null, 'when the manifest is gone, the drop is undone'
);
select isnt(to_regclass(:'child'), null, 'and the partition stands');
rollback to with_manifest;

-- rows that came late make a partition of the same name
select ops.maintain_table('public.planted_events', '2025-03-10', '{drop}') \g /dev/null
select ops.attach_partition(
  'public.planted_events',
  ops.build_partition('public.planted_events', '2025-01-01 00:00+00', '2025-02-01 00:00+00'),
  '2025-01-01 00:00+00', '2025-02-01 00:00+00'
) \g /dev/null
insert into public.planted_events (at, note) values ('2025-01-02', 'late');
select pg_temp.detach() \g /dev/null
select results_eq(
  $$select child from ops.detached_partitions where dropped_at is null$$,
  format('values (%L)', :'child'),
  'a later partition may have the name of one that is archived'
);
select throws_ok(
  $$update ops.detached_partitions set archived_at = now() where dropped_at is null$$,
  'PL017', null, 'whose manifest says nothing of it'
);

select * from finish();
rollback;
