-- A bucket gives as many tokens as it holds, refills with time, and says when to come back.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(20);

-- What a caller gets from a bucket of three tokens, one more every two seconds.
create function pg_temp.take(seconds numeric, key text default 'planted')
returns text
language sql
as $$
  select format('%s %s %s', allowed, remaining, retry_after)
  from private.take_token(
    key, 3, 0.5, timestamptz '2030-01-01 00:00+00' + seconds * interval '1 second'
  )
$$;

select is(pg_temp.take(0), 't 2 0', 'a new caller has a full bucket');
select is(pg_temp.take(0), 't 1 0', 'each request takes one');
select is(pg_temp.take(0), 't 0 0', 'the last one is given');
select is(pg_temp.take(0), 'f 0 2', 'then there is none, for two seconds');
select is(pg_temp.take(0, 'another'), 't 2 0', 'another caller has a bucket of their own');
select is(pg_temp.take(0.5), 'f 0 2', 'the seconds are rounded up');
select is(pg_temp.take(1.999999), 'f 0 1', 'a moment too early there is none');
select is(pg_temp.take(2), 't 0 0', 'at the time that was said there is one');
select is(pg_temp.take(2), 'f 0 2', 'and no more than one');
select is(pg_temp.take(7), 't 1 0', 'two and a half have come back; the half is not lost');
select is(pg_temp.take(8), 't 1 0', 'it counts with the next half');
select is(pg_temp.take(1000), 't 2 0', 'after a long time the bucket is full, and no fuller');
select is(pg_temp.take(999), 't 0 0', 'a clock that goes back gives nothing away');
select is(
  (
    select count(*)
    from generate_series(0, 599) as tenth
    cross join lateral pg_temp.take(2000 + tenth / 10.0, 'greedy') as taken
    where taken like 't%'
  ),
  32::bigint, 'in a minute of asking ten times a second a caller gets 3, and 29 that came back'
);
select is(
  array(
    select pg_temp.outcome(format('select private.take_token(%L, %s, %s)', 'x', capacity, refill))
    from (values
      ('0', '1'), ('-1', '1'), ('null', '1'), ('1', '0'), ('1', '-1'), ('1', 'null'),
      ('1', '100001'), ('1', '''NaN'''), ('1', '1e-300'), ('1', '1e-9'), ('2147483647', '0.1')
    ) as given (capacity, refill)
  ),
  array_fill('PL085'::text, array[11]), 'a bucket that can not be is refused'
);
select lives_ok(
  $$
    select private.take_token('slow', 1, 1.0 / 315000000),
      private.take_token('fast', 2147483647, 100000)
  $$,
  'one that fills in ten years, and the largest, can be'
);
select is(
  array(
    select pg_temp.outcome(format('select private.take_token(%L, 1, 1)', key))
    from unnest(array['', repeat('x', 301), null]) as key
  ),
  array['23514', '23514', '23502'], 'a key must be there, and is not endless'
);

select lives_ok(
  $$select private.require_token('rpc', 1, 0.1)$$, 'an RPC goes on while there is one'
);
select throws_ok(
  $$select private.require_token('rpc', 1, 0.1)$$,
  'PT429', 'Too many requests: try again in 10 seconds.', 'then it is refused as HTTP says it'
);
select is(
  (select relpersistence from pg_class where oid = 'private.rate_limits'::regclass), 'u',
  'a token is no work for the WAL'
);

select * from finish();
rollback;
