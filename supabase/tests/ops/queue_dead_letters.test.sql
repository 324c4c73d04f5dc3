-- What nobody can handle is put aside with its history, and comes back when an operator says so.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(15);

select ops.define_queue('planted', 'A queue of a test.', max_attempts => 2) \g /dev/null
select id as message from ops.enqueue('planted', '"poison"', 'a key', priority => 3) \gset

select ops.fail(id, lease_token, 'First.') as first from ops.dequeue('planted') \gset
select is(:'first'::text, 'retried', 'a message with attempts before it is tried again');
update ops.queue set visible_at = now();
select ops.fail(id, lease_token, 'Second.') as second from ops.dequeue('planted') \gset
select is(:'second'::text, 'dead', 'the last failure sends it to the dead letters');
select is_empty('select id from ops.queue', 'it is handed out no more');
select results_eq(
  $$
    select
      id, queue, priority, attempts, idempotency_key, payload, reason,
      jsonb_path_query_array(failures, '$[*].error')
    from ops.dead_letters
  $$,
  format(
    $$values (
      %s::bigint, 'planted', 3, 2, 'a key', '"poison"'::jsonb, 'Second.',
      '["First.", "Second."]'::jsonb
    )$$,
    :message
  ),
  'a dead letter is the message, with the reason and all failures'
);
select is(
  (select is_new from ops.enqueue('planted', '"poison"', 'a key')), false,
  'its key is taken as long as it is there'
);

select is(ops.redrive('other'), 0, 'of another queue nothing is brought back');
select is(ops.redrive('planted', array[0]), 0, 'nor another message');
select is(ops.redrive('planted', array[:message]), 1, 'an operator brings a dead letter back');
select results_eq(
  'select id, priority, attempts, idempotency_key from ops.dequeue($$planted$$)',
  format('values (%s::bigint, 3, 1, %L)', :message, 'a key'),
  'it is due at once, under its id, and its attempts begin anew'
);
select is(
  (select jsonb_array_length(failures) from ops.queue), 2, 'what failed before is kept'
);

select ops.fail(id, lease_token, repeat('long ', 1000), is_retryable => false) as permanent
from ops.queue \gset
select is(:'permanent'::text, 'dead', 'a worker may say that trying again is useless');
select is(
  (select char_length(reason) from ops.dead_letters), 2000, 'an error is cut at the setting'
);
select is(ops.discard('planted'), 1, 'an operator drops dead letters');
select is_empty('select id from ops.dead_letters', 'they are gone');
select is(
  (select expires_at from ops.queue_keys), now() + interval '7 days',
  'and their keys are free after the retention'
);

select * from finish();
rollback;
