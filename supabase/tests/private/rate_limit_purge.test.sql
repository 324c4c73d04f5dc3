-- Buckets that are full are purged, which no caller notices.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(6);

delete from private.rate_limits where true;
select private.take_token('fast ' || i, 2, 1, '2030-01-01 00:00+00')
from generate_series(1, 5) as i \g /dev/null
select private.take_token('slow', 2, 0.01, '2030-01-01 00:00+00') \g /dev/null

select is(private.purge_rate_limits(10, '2030-01-01 00:00:00.9+00'), 0, 'nothing is full yet');
select is(private.purge_rate_limits(3, '2030-01-01 00:00:01+00'), 3, 'a step has an end');
select is(private.purge_rate_limits(3, '2030-01-01 00:00:01+00'), 2, 'the next one does the rest');
select results_eq(
  'select key from private.rate_limits', array['slow'], 'a bucket that is not full stays'
);
insert into private.rate_limits select 'old ' || i, now() from generate_series(1, 3) as i;
select ops.set_setting('ops.rate_limit_purge_rows', '3') \g /dev/null
select is(ops.purge_rate_limits(), true, 'a topic that has used its rows asks to be called again');
select is(ops.purge_rate_limits(), false, 'and ends when it has not');

select * from finish();
rollback;
