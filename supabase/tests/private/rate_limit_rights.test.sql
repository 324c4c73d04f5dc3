-- Threat: a client gives itself tokens, or empties the bucket of another. Only the service key
-- counts, and it can do nothing but count.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(8);

select ops.define_setting('planted.limit_burst', '2', 'A limit.', 1, 100) \g /dev/null
select ops.define_setting('planted.limit_per_minute', '60', 'A limit.', 1, 100) \g /dev/null

-- How each attempt on the buckets ends.
create function pg_temp.attempts()
returns text[]
language sql
as $$
  select array(
    select pg_temp.outcome(attempt)
    from unnest(array[
      'select key from private.rate_limits',
      $call$insert into private.rate_limits values ('x', 'infinity')$call$,
      $call$update private.rate_limits set full_at = '-infinity' where true$call$,
      'delete from private.rate_limits where true',
      'select private.purge_rate_limits(10)',
      $call$select private.require_token('x', 10, 10)$call$,
      'select ops.purge_rate_limits()'
    ]) as attempt
  );
$$;
grant execute on function pg_temp.attempts() to anon, authenticated, service_role;

select pg_temp.act_as('service_role');
select results_eq(
  $$select * from ops.take_token('planted.limit', 'one')$$,
  $$values (true, 1, 0)$$, 'the service key counts by the settings of the limit'
);
select ops.take_token('planted.limit', 'one') \g /dev/null
select results_eq(
  $$select * from ops.take_token('planted.limit', 'one')$$,
  $$values (false, 0, 1)$$, 'and is refused beyond them'
);
select results_eq(
  $$select * from ops.take_token('planted.limit', 'two')$$,
  $$values (true, 1, 0)$$, 'another caller has a bucket of their own'
);
select throws_ok(
  $$select * from ops.take_token('planted.none', 'one')$$,
  'PL001', 'There is no setting planted.none_burst.', 'a limit without settings is none'
);
select is(
  pg_temp.attempts(), array_fill('42501'::text, array[7]), 'the service key can not write a bucket'
);

select pg_temp.act_as('anon');
select is(
  pg_temp.attempts()
    || pg_temp.outcome($$select ops.take_token('planted.limit', 'one')$$)
    || pg_temp.outcome($$select private.take_token('x', 10, 10)$$),
  array_fill('42501'::text, array[9]), 'nobody without a session counts or writes'
);
select pg_temp.act_as('super_admin');
select is(
  pg_temp.attempts()
    || pg_temp.outcome($$select ops.take_token('planted.limit', 'one')$$)
    || pg_temp.outcome($$select private.take_token('x', 10, 10)$$),
  array_fill('42501'::text, array[9]), 'nor does a user, whatever their role'
);
select pg_temp.act_as('operator');
select is(
  (select count(*) from private.rate_limits where key like 'planted.limit %'), 2::bigint,
  'after all attempts the buckets are those of the two callers'
);

select * from finish();
rollback;
