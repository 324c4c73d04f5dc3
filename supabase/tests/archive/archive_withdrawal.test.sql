-- The guard of a partition is there from the first chunk on, and what is attached again is let go.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(9);

select pg_temp.detach() \g /dev/null
select child from ops.detached_partitions where parent = 'public.planted_events' \gset
drop trigger archived_refuse_truncate on :child;
select ok(not ops.is_guarded(:'child'), 'somebody takes a trigger of the guard away');
select is(pg_temp.work(1), 'again', 'the first step');
select ok(ops.is_guarded(:'child'), 'puts it back before a chunk is read');

select pg_temp.work(2) \g /dev/null
select cmp_ok((select affected_records from archive.jobs), '>', 0::bigint, 'after two chunks');
alter table :child disable trigger archived_refuse_write;
select pg_temp.work(1) \g /dev/null
select results_eq(
  format('select affected_records, ops.is_guarded(%L) from archive.jobs', :'child'),
  'values (0::bigint, true)',
  'a guard that is off is put on, and the export begins anew'
);

do $$
begin
  for turn in 1..100 loop
    exit when exists (select from archive.jobs where phase = 'finish');
    perform pg_temp.work(1);
  end loop;
end;
$$;
create temporary table last_step as select * from ops.next_archive_work();
alter table :child disable trigger archived_refuse_write;
select throws_ok(
  $$
    select ops.confirm_archive_chunk(
      job, lease, number, encode(sha256(convert_to(content, 'UTF8')), 'hex'), 1
    )
    from last_step
  $$,
  'PL087', null, 'a manifest is not written while rows can be'
);

alter table public.planted_events attach partition :child
  for values from ('2025-01-01 00:00+00') to ('2025-02-01 00:00+00');
select is(pg_temp.work(), '', 'the export of what was attached again ends');
select ops.maintain_table('public.planted_events', '2025-01-20', '{reattached}') \g /dev/null
select is_empty('select from archive.jobs', 'without a job that would stand in the way');
select pg_temp.detach() \g /dev/null
select pg_temp.work() \g /dev/null
select is((select row_count from archive.manifest), 100::bigint, 'of the next export');

select * from finish();
rollback;
