-- Threat: what a business told in confidence is read by others than administrators.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir business_people.psql

select plan(11);

select pg_temp.enter(1, 'member') \g /dev/null
insert into directory_internal.business_private (business_id, legal_name, notes)
values (pg_temp.b(1), 'Zqb Holding', 'Zqb note')
on conflict (business_id) do update
set legal_name = excluded.legal_name, notes = excluded.notes;

create function pg_temp.read(person text, number int)
returns text
language sql
as $$
  select pg_temp.try(person, format(
    'select directory.admin_get_business(%L) ->> ''notes''', pg_temp.b(number)
  ));
$$;
select is(pg_temp.read(person, 1), '42501', person || ' reads nothing of it')
from unnest(array[
  'anon', 'user', 'member', 'moderator', 'analyst', 'expired_admin'
]) as person;
select is(pg_temp.read('admin', 1), 'Zqb note', 'an administrator reads it');
select is(pg_temp.read('super_admin', 1), 'Zqb note', 'and so does one above');
select is(pg_temp.read('admin', 9), 'PT404', 'an unknown business is told as such');
select is(
  (
    select count(*) from audit.admin_actions
    where action = 'admin_get_business' and target_id = pg_temp.b(1)::text
  ),
  2::bigint, 'each reading is written down'
);
select hasnt_column('directory', 'businesses', 'legal_name', 'it is in no table that is served');

select * from finish();
rollback;
