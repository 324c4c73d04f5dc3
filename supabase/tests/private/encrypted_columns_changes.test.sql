-- A column is done only when all its rows are, and one row or column that can not stops no other.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(15);

-- The oid decides which of them comes first.
create table private.planted (id int primary key, email text, email_index text unique);
create table private.planted_next (id int primary key, note text);
insert into private.planted
select n, private.encrypt_sensitive('P' || n || '@a.test', 'planted.' || n),
  private.blind_index('p' || n || '@a.test', 'planted')
from generate_series(1, 5) as n;
insert into private.planted_next
select n, private.encrypt_sensitive('note', 'private.planted_next.note.' || n)
from generate_series(1, 5) as n;

-- Calls until nothing is left to do now.
create function pg_temp.steps()
returns void
language plpgsql
as $$
begin
  for step in 1..100 loop
    exit when not private.reencrypt_chunk(2);
  end loop;
end;
$$;

create function pg_temp.is_done(relation regclass)
returns boolean
language sql
as $$
  select coalesce(done_versions = array(
    select version
    from private.keys
    where purpose in ('encryption', 'blind_index') and replaced_at is null
    order by purpose = 'encryption' desc
  ), false)
  from private.encrypted_columns
  where encrypted_columns.relation = is_done.relation
$$;

select private.register_encrypted_column(
  'private.planted', 'email', 'planted', 'email_index', 'lower'
) \g /dev/null
select pg_temp.steps() \g /dev/null
select ok(pg_temp.is_done('private.planted'), 'a column whose rows are of the active keys is done');

select private.register_encrypted_column(
  'private.planted', 'email', 'planted', 'email_index', 'upper'
) \g /dev/null
select ok(not pg_temp.is_done('private.planted'), 'with another way to index it is not');
select pg_temp.steps() \g /dev/null
select is_empty(
  $$
    select id
    from private.planted
    where email_index is distinct from private.blind_index('P' || id || '@A.TEST', 'planted')
  $$,
  'then each row is indexed in the new way'
);
select ok(pg_temp.is_done('private.planted'), 'and only then it is done again');

-- one that does not open, one that two rows would share
select private.register_encrypted_column('private.planted_next', 'note') \g /dev/null
select private.rotate_key('encryption'), private.rotate_key('blind_index') \g /dev/null
update private.keys
set replaced_at = replaced_at - interval '1 hour'
where replaced_at is not null;
update private.planted set email = (select email from private.planted where id = 1) where id = 3;
insert into private.planted
values (
  6, private.encrypt_sensitive('P5@a.test', 'planted.6'), private.blind_index('P5@A.TEST', 'planted')
);
select pg_temp.steps() \g /dev/null
select ok(
  pg_temp.is_done('private.planted_next'), 'a column that comes after one with such rows is done'
);
select results_eq(
  $$select id from private.planted where email like 'v1.%' order by id$$, array[3, 5],
  'all rows that can be are of the active keys'
);
select results_eq(
  $$
    select failed_keys from private.encrypted_columns
    where relation = 'private.planted'::regclass
  $$,
  $$values ('{3,5}'::text[])$$, 'those that can not are named'
);
select isnt_empty(
  $$
    select from ops.system_logs
    where source = 'private.reencrypt_chunk' and level = 'error' and details ? 'reason'
  $$,
  'and are errors in the log'
);
select ok(not pg_temp.is_done('private.planted'), 'their column is not done');

update private.planted
set email = private.encrypt_sensitive('P3@a.test', 'planted.3')
where id = 3;
delete from private.planted where id = 6;
update private.encrypted_columns set failed_at = failed_at - interval '1 day' where true;
select pg_temp.steps() \g /dev/null
select ok(
  pg_temp.is_done('private.planted')
    and (select failed_keys = '{}' from private.encrypted_columns
      where relation = 'private.planted'::regclass),
  'once they are mended, a later pass finishes it'
);

-- rows that a trigger or the index function refuses, or that are refused at the end only
create function private.planted_refuse()
returns trigger
language plpgsql
as $$
begin
  if old.id = 1 then
    raise exception 'row is closed';
  end if;
  assert old.id <> 2, 'row is odd';
  return new;
end;
$$;
create function private.planted_refuse_late()
returns trigger
language plpgsql
as $$
begin
  if old.id = 4 then
    raise exception 'row is late';
  end if;
  return null;
end;
$$;
create function private.planted_index(given text)
returns text
language plpgsql
as $$
begin
  if given = 'P3@a.test' then
    raise exception 'no index for it';
  end if;
  return given;
end;
$$;
create trigger planted_refuse before update on private.planted
  for each row execute function private.planted_refuse();
create constraint trigger planted_refuse_late after update on private.planted
  deferrable initially deferred
  for each row execute function private.planted_refuse_late();
select private.register_encrypted_column(
  'private.planted', 'email', 'planted', 'email_index', 'private.planted_index'
) \g /dev/null
select private.rotate_key('encryption') \g /dev/null
update private.keys
set replaced_at = replaced_at - interval '1 hour'
where replaced_at is not null;
select pg_temp.steps() \g /dev/null
select ok(
  pg_temp.is_done('private.planted_next'), 'a row that refuses to change stops no other column'
);
select results_eq(
  $$select id from private.planted where email like 'v3.%'$$, array[5],
  'and no other row of its own'
);
select results_eq(
  $$
    select array(select unnest(failed_keys) order by 1) from private.encrypted_columns
    where relation = 'private.planted'::regclass
  $$,
  $$values ('{1,2,3,4}'::text[])$$, 'each such row is named'
);

-- what passes by itself is no fault of a row
create or replace function private.planted_refuse()
returns trigger
language plpgsql
as $$ begin raise exception using errcode = '40P01'; end; $$;
update private.encrypted_columns set failed_at = failed_at - interval '1 day' where true;
select throws_ok(
  'select private.reencrypt_chunk(2)', '40P01', null, 'a deadlock ends the step, which is repeated'
);
create or replace function private.planted_refuse()
returns trigger
language plpgsql
as $$ begin raise exception using errcode = '55P03'; end; $$;
select throws_ok(
  'select private.reencrypt_chunk(2)', '55P03', null, 'so does a lock that is not free'
);

select * from finish();
rollback;
