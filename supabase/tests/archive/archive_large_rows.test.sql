-- A row that is larger than a chunk may be keeps its partition where it is, and stops no other job.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(5);

insert into public.planted_events (at, note) values ('2025-01-03', repeat('x', 20000));
insert into public.planted_events (at, note) values ('2025-02-03', 'of another month');
select ops.set_setting('archive.backoff_seconds', '600') \g /dev/null
select ops.maintain_table('public.planted_events', '2025-05-10', '{detach}') \g /dev/null
select pg_temp.detach() \g /dev/null

select matches(pg_temp.work(), 'failed', 'it fails, and is not tried again at once');
select matches(
  (select errors -> -1 ->> 'error' from archive.jobs where affected_records > 0 and attempts > 0),
  '^A row of partitions\.public_planted_events_y2025m01 at \(\d+,\d+\) takes 20\d+ bytes',
  'the job says which row is too large'
);
select results_eq(
  'select child from archive.manifest',
  $$values ('partitions.public_planted_events_y2025m02')$$,
  'nothing else is archived'
);
select ops.maintain_table('public.planted_events', '2025-05-10', '{drop}') \g /dev/null
select isnt(
  to_regclass('partitions.public_planted_events_y2025m01'), null, 'the partition stands'
);
select is(
  to_regclass('partitions.public_planted_events_y2025m02'), null, 'the other one is dropped'
);

select * from finish();
rollback;
