-- The same key is one message, also after that message is done, until the retention of the queue.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(11);

select ops.define_queue('planted', 'A queue of a test.', key_retention => '1 day') \g /dev/null
select ops.define_queue('other', 'Another one.') \g /dev/null
select id as message, is_new from ops.enqueue('planted', '1', 'order 7') \gset

select is(:'is_new'::boolean, true, 'the first message with a key is a new one');
select results_eq(
  $$select id, is_new from ops.enqueue('planted', '2', 'order 7')$$,
  format('values (%s::bigint, false)', :message),
  'the second is told the id of the first'
);
select is(
  (select jsonb_agg(payload) from ops.queue), '[1]', 'and there is one message, the first'
);
select is(
  (select is_new from ops.enqueue('other', '1', 'order 7')), true, 'each queue has its own keys'
);
select is(
  (select is_new from ops.enqueue('planted', '1', null)), true, 'without a key all are new'
);

select ops.complete(array[id], lease_token) from ops.dequeue('planted') \g /dev/null
select results_eq(
  $$select id, is_new from ops.enqueue('planted', '3', 'order 7')$$,
  format('values (%s::bigint, false)', :message),
  'the key outlives its message'
);
select is(
  (select expires_at from ops.queue_keys where message_id = :message), now() + interval '1 day',
  'by the retention of its queue, from the time when the message was done'
);
select is(ops.tidy_queue(), false, 'the upkeep runs');
select isnt_empty(
  format('select key from ops.queue_keys where message_id = %s', :message),
  'it leaves a key alone that is not over'
);

update ops.queue_keys set expires_at = now() where message_id = :message;
select is(
  (select is_new from ops.enqueue('planted', '4', 'order 7')), true,
  'a key that is over makes a new message, purged or not'
);
update ops.queue_keys set expires_at = now() where queue = 'other';
select ops.tidy_queue() \g /dev/null
select results_eq(
  'select queue, expires_at from ops.queue_keys',
  $$values ('planted', null::timestamptz)$$,
  'the upkeep purges what is over, and no key whose message waits'
);

select * from finish();
rollback;
