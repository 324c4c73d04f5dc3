-- Threat: the log is changed after the fact. Each way is planted; verify() names the
-- first broken day.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql
\ir seals.psql

select plan(14);

select * from pg_temp.seal_until('2001-01-05 01:00+00') \g /dev/null
alter table audit.audit_logs disable trigger audit_logs_refuse_change;

create function pg_temp.verdict()
returns text[]
language sql
as $$
  select array_agg(
    format('%s %s', to_char(day, 'DD'), state) || coalesce(': ' || detail, '')
      || case when is_first_broken then ' (first)' else '' end
    order by day
  )
  from audit.verify('2000-12-31', '2001-01-05')
  where state not in ('intact', 'unsealed')
$$;

select is(pg_temp.verdict(), null, 'what nobody touched is not broken');
select is(
  array(select state from audit.verify('2000-12-31', '2001-01-05')),
  array['unsealed', 'intact', 'intact', 'intact', 'intact', 'unsealed'],
  'days before the first seal and after the last are unsealed'
);

savepoint planted;
update audit.audit_logs set actor_role = 'y' where logged_at = '2001-01-03 12:00+00';
select pg_temp.verdict() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['03 broken: its rows were changed (first)'], 'a changed row is found'
);

delete from audit.audit_logs where logged_at = '2001-01-01 00:00+00';
select pg_temp.verdict() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['01 broken: 1 of its 2 rows are missing (first)'],
  'a deleted row is found'
);

delete from audit.audit_logs where logged_at < '2001-01-02';
select pg_temp.verdict() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['01 broken: 2 of its 2 rows are missing (first)'],
  'a day that was emptied is not taken for one that left by retention'
);

select pg_temp.log_at('2001-01-02 05:00+00', 'late'), pg_temp.log_at('2001-01-04 05:00+00', 'late')
  \g /dev/null
select pg_temp.verdict() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    '02 broken: 1 rows were added to its 0 (first)', '04 broken: 1 rows were added to its 1'
  ],
  'added rows are found, and the first broken day is named'
);

update audit.audit_logs set logged_at = '2001-01-02 12:00+00'
  where logged_at = '2001-01-01 00:00+00';
select pg_temp.verdict() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    '01 broken: 1 of its 2 rows are missing (first)', '02 broken: 1 rows were added to its 0'
  ],
  'a row that was moved to another day is found'
);

update audit.seals set rows_digest = sha256('x') where day = '2001-01-03';
select pg_temp.verdict() as found \gset
rollback to savepoint planted;
select is(:'found'::text[], array['03 broken: its seal was changed (first)'],
  'a changed seal is found');

update audit.audit_logs set actor_role = 'y' where logged_at = '2001-01-03 12:00+00';
update audit.seals set rows_digest = (audit.day_digest('2001-01-03')).digest
  where day = '2001-01-03';
update audit.seals set digest = audit.seal_digest(seals) where day = '2001-01-03';
select pg_temp.verdict() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    '04 broken: its seal does not follow from the one before, which was changed or removed (first)'
  ],
  'a day that was sealed anew after a change no longer fits the next one'
);

delete from audit.seals where day = '2001-01-03';
select pg_temp.verdict() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    '03 broken: its seal is missing (first)',
    '04 broken: its seal does not follow from the one before, which was changed or removed'
  ],
  'a missing seal is found'
);

delete from audit.seals where day <= '2001-01-01';
select pg_temp.verdict() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    '01 broken: its seal is missing (first)',
    '02 broken: its seal does not follow from the one before, which was changed or removed'
  ],
  'a chain that was cut at its beginning is found'
);

delete from audit.audit_logs where logged_at < '2001-02-01';
insert into ops.detached_partitions (
  parent, child, lower_bound, upper_bound, retention_action, detached_at
)
values ('audit.audit_logs', 'partitions.planted', '2001-01-01 00:00:00+00',
  '2001-02-01 00:00:00+00', 'drop', now());
select is(
  array(select day || ' ' || state from audit.verify('2001-01-01', '2001-01-04')),
  array['2001-01-01 detached', '2001-01-02 intact', '2001-01-03 detached', '2001-01-04 detached'],
  'days whose partition left by retention are told apart'
);
update audit.seals set row_count = 5 where day = '2001-01-01';
select is(
  (pg_temp.verdict())[1], '01 broken: its seal was changed (first)',
  'their seals are checked nonetheless'
);
rollback to savepoint planted;
select is(
  array(select digest from audit.verify('2001-01-04', '2001-01-04')),
  array(select head.digest from ops.audit_head() as head),
  'a digest that was kept elsewhere can be compared'
);

select * from finish();
rollback;
