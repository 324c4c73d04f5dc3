-- Rows that came late to a range stand in the default, and a partition of it can not be attached.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(4);

select pg_temp.detach() \g /dev/null
select pg_temp.work() \g /dev/null
select ops.maintain_table('public.planted_events', '2025-03-10', '{drop}') \g /dev/null
insert into public.planted_events (at, note) values ('2025-01-05', 'late');
select throws_ok(
  'select archive.restore(job_id) from archive.manifest', 'PL095',
  'The rows can not become a partition of public.planted_events: its default holds rows of that '
  'range.',
  'a restore says so at once, not when the rows are loaded'
);
select lives_ok(
  'select archive.restore(job_id, attach => false) from archive.manifest',
  'a table of its own is possible'
);
select archive.release(job_id) from archive.manifest \g /dev/null
delete from public.planted_events where note = 'late';
select lives_ok(
  'select archive.restore(job_id) from archive.manifest', 'without such rows it is'
);
select pg_temp.work() \g /dev/null
select is((select count(*) from public.planted_events), 100::bigint, 'a partition again');

select * from finish();
rollback;
