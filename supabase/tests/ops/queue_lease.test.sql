-- A worker holds a message for the length of its lease. Whoever comes after it is told so.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(13);

select ops.define_queue('planted', 'A queue of a test.', lease => '2 minutes') \g /dev/null
select id as message from ops.enqueue('planted', '"work"') \gset
select lease_token as first_token, leased_until - clock_timestamp() as remains
from ops.dequeue('planted') \gset

select ok(
  :'remains'::interval between '1 minute 55 seconds' and '2 minutes',
  'a lease lasts as long as its queue says'
);
update ops.queue set visible_at = now() - interval '1 second' where id = :message;
select lease_token as second_token, attempts, leased_until - clock_timestamp() as remains
from ops.dequeue('planted', lease => '30 seconds') \gset
select is(:attempts, 2, 'a message whose lease ran out is handed out again, and counted');
select isnt(:'second_token'::uuid, :'first_token'::uuid, 'under another token');
select ok(
  :'remains'::interval between '25 seconds' and '30 seconds', 'a worker may ask for another length'
);

select is_empty(
  format('select ops.complete(array[%s], %L)', :message, :'first_token'),
  'the first worker can not complete it any more'
);
select is_empty(
  format('select ops.extend_lease(array[%s], %L)', :message, :'first_token'),
  'nor hold it longer'
);
select is(
  ops.fail(:message, :'first_token', 'Too late.'), 'stale', 'nor report a failure of it'
);
select results_eq(
  'select lease_token, failures from ops.queue',
  format('values (%L::uuid, %L::jsonb)', :'second_token', '[]'),
  'and the second worker holds it as before'
);

select results_eq(
  format(
    'select ops.extend_lease(array[%s, 0], %L, %L)', :message, :'second_token', '1 hour'
  ),
  array[:message::bigint],
  'a worker that takes long holds its message longer, and learns which of its ids it holds'
);
select ok(
  (select visible_at - clock_timestamp() from ops.queue) between '59 minutes' and '1 hour',
  'from now on'
);
-- nobody took it in the meantime
update ops.queue set visible_at = now() - interval '1 second' where id = :message;
select results_eq(
  format('select ops.complete(array[%s, 0], %L)', :message, :'second_token'),
  array[:message::bigint],
  'a message may be completed after its lease as long as nobody else got it'
);
select is_empty('select id from ops.queue', 'a completed message is gone');
select is_empty(
  format('select ops.complete(array[%s], %L)', :message, :'second_token'),
  'and can not be completed twice'
);

select * from finish();
rollback;
