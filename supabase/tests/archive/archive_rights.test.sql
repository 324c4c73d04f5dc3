-- The service key works on jobs by four calls, and reaches no partition past them.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(10);

select pg_temp.detach() \g /dev/null

set local role service_role;
select lives_ok('select * from ops.next_archive_work()', 'the service key asks for work');
select isnt_empty('select from archive.jobs', 'reads the jobs');
select isnt_empty('select from ops.archive_status', 'and the status');
select throws_ok(
  'select archive.define_policy(''x'', ''public.planted_events'', 1, ''local'')',
  '42501', null, 'but makes no policy'
);
select throws_ok(
  'insert into archive.manifest default values', '42501', null, 'and no manifest, which would let '
  'a partition be dropped'
);
select throws_ok(
  'select from partitions.public_planted_events_y2025m01', '42501', null, 'and reads no partition'
);
select throws_ok(
  'select archive.restore(gen_random_uuid())', '42501', null, 'and restores nothing'
);
set local role authenticated;
select throws_ok(
  'select * from ops.next_archive_work()', '42501', null, 'a user gets no work'
);
select throws_ok(
  'select * from archive.next_work()', '42501', null, 'nor by the name of its body'
);
set local role anon;
select throws_ok('select * from ops.next_archive_work()', '42501', null, 'nor does anybody else');

select * from finish();
rollback;
