-- After a failure a message waits, longer each time, and never as long as its neighbour.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(7);

select ops.define_queue(
  'planted', 'A queue of a test.',
  max_attempts => 100, backoff_base => '10 seconds', backoff_cap => '5 minutes'
) \g /dev/null
select ops.enqueue_many('planted', (select jsonb_agg(n) from generate_series(1, 60) as n))
\g /dev/null

-- Fails all messages in the given attempt, and returns the shortest and the longest wait.
create function pg_temp.waits(attempt int)
returns numrange
language plpgsql
as $$
declare
  began timestamptz;
begin
  update ops.queue set visible_at = now(), attempts = attempt - 1 where queue = 'planted';
  began := clock_timestamp();
  perform ops.fail(message.id, message.lease_token, 'No luck.')
  from ops.dequeue('planted', 100) as message;
  return (
    select numrange(
      extract(epoch from min(visible_at) - clock_timestamp()),
      extract(epoch from max(visible_at) - began), '[]'
    )
    from ops.queue
    where queue = 'planted'
  );
end;
$$;

select pg_temp.waits(1) as first, pg_temp.waits(2) as second, pg_temp.waits(5) as fifth,
  pg_temp.waits(6) as sixth, pg_temp.waits(99) as last \gset
-- two seconds for a slow machine, on the side where time passes before it is read
select ok(
  :'first'::numrange <@ '[3,11]'::numrange, 'the first wait is between half of the base and all'
);
select ok(
  upper(:'first'::numrange) - lower(:'first'::numrange) > 2, 'it differs from message to message'
);
select ok(:'second'::numrange <@ '[8,21]'::numrange, 'the second wait is twice as long');
select ok(:'fifth'::numrange <@ '[78,161]'::numrange, 'and so on');
select ok(
  :'sixth'::numrange <@ '[148,301]'::numrange and :'last'::numrange <@ '[148,301]'::numrange,
  'no wait is longer than the cap'
);
select is_empty(
  $$select id from ops.dequeue('planted')$$, 'a message that waits is not handed out'
);
select results_eq(
  $$
    select distinct
      jsonb_array_length(failures), failures #>> '{0,error}', failures #>> '{4,attempt}',
      lease_token is null
    from ops.queue
  $$,
  $$values (5, 'No luck.', '99', true)$$,
  'each failure is kept with its attempt, and nobody holds the message'
);

select * from finish();
rollback;
