-- Nothing counts as archived before the sum over the chunks is the sum over the table.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(10);

select pg_temp.detach() \g /dev/null
select pg_temp.work(2) \g /dev/null
-- the owner takes the guard away for a moment
alter table partitions.public_planted_events_y2025m01 disable trigger archived_refuse_write;
update partitions.public_planted_events_y2025m01 set note = 'changed' where id = 1;
alter table partitions.public_planted_events_y2025m01 enable always trigger archived_refuse_write;
select matches(
  pg_temp.work(), ' failed( store)+( again)+ store$',
  'a row that changes after it was stored is found, and the export begins anew'
);
select matches(
  (select errors -> 0 ->> 'error' from archive.jobs),
  '^Table partitions\.public_planted_events_y2025m01 has 100 rows with sum ',
  'the job notes the sums'
);
select results_eq(
  $$select count(*) from public.planted_store where content like '%"changed"%'$$,
  $$values (1::bigint)$$,
  'the row as it is now is in the archive'
);

select archive.restore(job_id) from archive.manifest \g /dev/null
select is(pg_temp.work(1), 'fetch', 'of a restore the first chunk is loaded');
delete from archive.chunks
where (job_id, number) = (
  select jobs.id, max(chunks.number)
  from archive.jobs
  join archive.chunks on chunks.job_id = jobs.id
  where jobs.kind = 'restore'
  group by jobs.id
);
delete from partitions.public_planted_events_y2025m01_2 where id = 2;
select pg_temp.work(100) \g /dev/null
select is_empty(
  'select from archive.manifest where restored_at is not null',
  'rows that are fewer than the manifest says are not restored'
);
select results_eq(
  $$select status, phase from archive.jobs where kind = 'restore'$$,
  $$values ('failed', 'rows')$$,
  'the restore fails'
);
select is(pg_temp.contents('public.planted_events'), '0 ' || md5(''), 'and no reader sees them');
select archive.retry(id) from archive.jobs where status = 'failed' \g /dev/null
update archive.jobs set phase = 'verify' where kind = 'restore';
select archive.record_failure(id, 'planted') from archive.jobs where kind = 'restore' \g /dev/null
select is(
  (select status from archive.jobs where kind = 'restore'), 'pending',
  'after archive.retry() the sums may fail as often as before'
);
select ok(archive.release(job_id), 'what has failed can be released') from archive.manifest;
select is_empty(
  $$select from archive.jobs where kind = 'restore'$$, 'and begun again'
);

select * from finish();
rollback;
