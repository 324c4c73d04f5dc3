-- One call at a time works on a job; what it does not report comes again, the same.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(14);

select pg_temp.detach() \g /dev/null
select is(pg_temp.work(1), 'again', 'the first step notes the file of the table');
create temporary table first_time as select * from ops.next_archive_work();
select is(
  (select action || ' ' || number from first_time), 'store 1', 'then the first chunk is handed out'
);
select is_empty(
  'select * from ops.next_archive_work()', 'while it is leased nobody else gets the job'
);
select throws_ok(
  $$select ops.confirm_archive_chunk(job, gen_random_uuid(), 1, repeat('0', 64), 1)
    from first_time$$,
  'PL091', null, 'another lease confirms nothing'
);
select throws_ok(
  $$select ops.confirm_archive_chunk(job, lease, 1, repeat('0', 64), 1) from first_time$$,
  'PL092', null, 'an object that reads back as something else is refused'
);

update archive.jobs set leased_until = now() - interval '1 second' where true;
create temporary table second_time as select * from ops.next_archive_work();
select results_eq(
  'select number, path, content from second_time',
  'select number, path, content from first_time',
  'after the lease the same chunk is handed out again, with the same name and content'
);
select isnt(
  (select lease from second_time), (select lease from first_time), 'under another lease'
);
select throws_ok(
  $$select ops.confirm_archive_chunk(job, lease, 1, repeat('0', 64), 1) from first_time$$,
  'PL091', null, 'the one that came too late confirms nothing'
);
select matches(
  (select errors -> 0 ->> 'error' from archive.jobs), 'did not report',
  'the call that was lost is noted'
);

select ops.fail_archive_job(job, lease, 'The store is full.') from second_time \g /dev/null
select results_eq(
  $$select errors -> 1 ->> 'error', errors -> 1 ->> 'phase', attempts from archive.jobs$$,
  $$values ('The store is full.', 'rows', 2)$$,
  'what went wrong is noted with its phase'
);
select ops.set_setting('archive.max_attempts', '3') \g /dev/null
select ops.fail_archive_job(job, lease, 'Still full.') from ops.next_archive_work() \g /dev/null
select results_eq(
  'select status from archive.jobs', $$values ('failed')$$,
  'after the last attempt the job waits for a person'
);
select is_empty(
  $$select from ops.detached_partitions where archived_at is not null$$,
  'and its partition is kept'
);
select lives_ok('select archive.retry(id) from archive.jobs', 'who lets it go on');
select matches(pg_temp.work(), '^store .*store$', 'where it stopped');

select * from finish();
rollback;
