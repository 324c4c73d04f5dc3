-- Each day (UTC) is sealed once it is over; each seal follows from the one before.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql
\ir seals.psql

select plan(11);

select is_empty(
  $$select * from pg_temp.seal_until('2001-01-02 00:04:59+00')$$,
  'a day is not sealed before its end and the delay'
);
select results_eq(
  $$select * from pg_temp.seal_until('2001-01-02 00:05+00')$$,
  $$values ('2001-01-01'::date)$$,
  'then it is'
);
select results_eq(
  $$select * from pg_temp.seal_until('2001-01-05 01:00+00')$$,
  $$values ('2001-01-02'::date), ('2001-01-03'), ('2001-01-04')$$,
  'days that were missed are sealed in order, empty ones too'
);
select results_eq(
  'select row_count from audit.seals order by day', 'values (2::bigint), (0), (2), (1)',
  'a day has the rows from midnight to midnight'
);
select is(
  (select encode(previous_digest, 'hex') from audit.seals where day = '2001-01-01'),
  repeat('00', 32), 'the chain begins with zeros'
);
select is_empty(
  $$
    select day
    from (
      select day, previous_digest, lag(digest) over (order by day) as digest from audit.seals
    ) as chain
    where day > '2001-01-01' and previous_digest is distinct from digest
  $$,
  'each seal holds the one before'
);
select results_eq(
  'select day, digest from ops.audit_head()',
  $$select day, encode(digest, 'hex') from audit.seals where day = '2001-01-04'$$,
  'the head is the latest seal'
);
select encode((audit.day_digest('2001-01-03')).digest, 'hex') as at_utc \gset
set local timezone = 'Asia/Tokyo';
set local datestyle = 'German';
set local extra_float_digits = -10;
set local bytea_output = 'escape';
select is(
  encode((audit.day_digest('2001-01-03')).digest, 'hex'), :'at_utc',
  'a digest does not depend on the session'
);
select is(
  array(select state from audit.verify('2001-01-01', '2001-01-04')),
  array['intact', 'intact', 'intact', 'intact'], 'and so every day is intact'
);

-- a day that takes more than one step
create temporary table sealed_at_once as select * from audit.seals;
delete from audit.seals where true;
select ops.set_setting('audit.seal_step_ms', '1') \g /dev/null
select cmp_ok(
  (select count(*) from pg_temp.seal_until('2001-01-05 01:00+00')), '>', 4::bigint,
  'a busy day is read in steps'
);
select is_empty(
  $$
    select day, row_count, digest from sealed_at_once
    except
    select day, row_count, digest from audit.seals
  $$,
  'and its seal is the same'
);

select * from finish();
rollback;
