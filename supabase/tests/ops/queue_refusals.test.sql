-- A call that makes no sense says what is wrong with it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(19);

select ops.define_queue('planted', 'A queue of a test.') \g /dev/null

select throws_ok(
  $$select ops.enqueue('nowhere', '1')$$,
  'PL040', 'There is no queue nowhere.', 'an unknown queue is refused by name when enqueuing'
);
select throws_ok(
  $$select ops.dequeue('nowhere')$$,
  'PL040', 'There is no queue nowhere.', 'and when dequeuing'
);
select throws_ok('select ops.enqueue(null, $$1$$)', 'PL040', null, 'as is none');
select throws_ok(
  $$select ops.enqueue('planted', '1', delay => '-1 second')$$,
  'PL041', 'Parameter delay can not be -00:00:01.', 'a delay into the past is refused'
);
select throws_ok(
  $$select ops.enqueue('planted', null)$$, '23502', null, 'no payload is refused'
);
select throws_ok(
  $$select ops.enqueue('planted', '1', '')$$, '23514', null, 'an empty key is refused'
);
select throws_ok(
  $$select ops.enqueue('planted', '1', repeat('é', 251))$$,
  '23514', null, 'a key of more than 500 bytes is refused'
);
select throws_ok(
  $$select ops.dequeue('planted', 0)$$, 'PL041', null, 'a batch of none is refused'
);
select throws_ok(
  $$select ops.dequeue('planted', 101)$$,
  'PL041', 'Parameter batch can not be 101.', 'a batch above the setting is refused'
);
select throws_ok(
  $$select ops.dequeue('planted', null)$$, 'PL041', null, 'no batch is refused'
);
select throws_ok(
  $$select ops.dequeue('planted', 1, '0.9 seconds')$$,
  'PL041', null, 'a lease below a second is refused'
);
select throws_ok(
  $$select ops.extend_lease('{1}', gen_random_uuid(), '-1 minute')$$,
  'PL041', null, 'also when it is extended'
);

select throws_ok(
  $$select ops.define_queue('No Name', 'x')$$, '23514', null, 'a queue has a name in kebab-case'
);
select throws_ok(
  $$select ops.define_queue('planted', 'x', wakes => '../admin')$$,
  '23514', null, 'a queue wakes a function, not a path'
);
select throws_ok(
  $$select ops.define_queue('planted', 'x', lease => '0')$$, '23514', null, 'a lease has a length'
);
select throws_ok(
  $$select ops.define_queue('planted', 'x', max_attempts => 0)$$,
  '23514', null, 'a message is tried at least once'
);
select throws_ok(
  $$select ops.define_queue('planted', 'x', backoff_base => '2 hours')$$,
  '23514', null, 'a backoff above its cap is refused'
);

select ops.define_queue('planted', 'New text.', max_attempts => 3) \g /dev/null
select results_eq(
  $$select description, max_attempts, lease from ops.queues where name = 'planted'$$,
  $$values ('New text.', 3, interval '1 minute')$$,
  'defining a queue again replaces its definition'
);
select ops.enqueue('planted', '1') \g /dev/null
select throws_ok(
  $$delete from ops.queues where name = 'planted'$$,
  '23503', null, 'a queue that holds messages can not be removed'
);

select * from finish();
rollback;
