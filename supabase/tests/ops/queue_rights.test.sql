-- Threat: a client forges, reads or steals work. Only the service key reaches the queues.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir ../private/people.psql

select plan(12);

select ops.define_queue('planted', 'A queue of a test.', wakes => 'search') \g /dev/null

select pg_temp.act_as('service_role');
select lives_ok(
  $$select ops.enqueue_many('planted', '[1, 2, 3]', array['a', 'b', null])$$,
  'the service key enqueues'
);
select isnt_empty(
  $$
    select ended
    from ops.dequeue('planted') as message
    cross join lateral ops.complete(array[message.id], message.lease_token) as ended
  $$,
  'it takes and completes'
);
select is(
  (
    select ops.fail(message.id, message.lease_token, 'x', is_retryable => false)
    from ops.dequeue('planted') as message
  ),
  'dead', 'it reports failures'
);
select is(ops.redrive('planted'), 1, 'it redrives');
select is(ops.bury(array(select id from ops.queue), 'x'), 2, 'it buries');
select is(ops.discard('planted'), 2, 'it discards');
select is(
  (select visible from ops.queue_status where queue = 'planted'), 0::bigint, 'it reads the status'
);
select throws_ok(
  $$select ops.define_queue('mine', 'x')$$, '42501', null, 'it defines no queue'
);
select throws_ok(
  $$update ops.queues set wakes = 'other' where name = 'planted'$$,
  '42501', null, 'and chooses no function that is called with the key'
);

select pg_temp.act_as('super_admin');
select throws_ok(
  $$select ops.enqueue('planted', '1')$$, '42501', null,
  'a user enqueues nothing, whatever their role'
);
select throws_ok('select payload from ops.queue', '42501', null, 'nor reads a message');
select pg_temp.act_as('anon');
select throws_ok($$select ops.wake('search')$$, '42501', null, 'anon wakes nothing');

select * from finish();
rollback;
