-- Rotation as a backfill: registered columns come under the active keys chunk by chunk, and a key
-- is retired only when nothing needs it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(22);

create table private.planted (
  id uuid primary key default gen_random_uuid(),
  number int not null,
  email text,
  email_index text
);
insert into private.planted (number) select generate_series(1, 25);
update private.planted
set
  email = private.encrypt_sensitive('Person' || number || '@Example.com', 'planted.email.' || id),
  email_index = private.blind_index('person' || number || '@example.com', 'planted.email')
where number > 1;
select private.register_encrypted_column(
  'private.planted', 'email', 'planted.email', 'email_index', 'lower'
) \g /dev/null

create temporary view wrong as
select number
from private.planted
where number > 1
  and (
    private.decrypt_sensitive(email, 'planted.email.' || id)
      is distinct from 'Person' || number || '@Example.com'
    or not email_index = any (
      private.blind_indexes('person' || number || '@example.com', 'planted.email')
    )
  );

-- Calls until nothing is left to do, and how many it took.
create function pg_temp.steps(row_limit int)
returns int
language plpgsql
as $$
declare
  steps int := 1;
begin
  while private.reencrypt_chunk(row_limit) loop
    steps := steps + 1;
  end loop;
  return steps;
end;
$$;

-- As if the rotations had been committed an hour ago.
create function pg_temp.time_passes()
returns void
language sql
as $$
  update private.keys
  set replaced_at = replaced_at - interval '1 hour'
  where replaced_at is not null;
$$;

select is(pg_temp.steps(10), 5, 'a new column is looked through: three pages, their end, nothing');
select is(private.reencrypt_chunk(10), false, 'then there is nothing to do');

select private.rotate_key('encryption'), private.rotate_key('blind_index') \g /dev/null
select is(
  private.reencrypt_chunk(10), false,
  'no pass begins while a transaction may still write old values'
);
select pg_temp.time_passes() \g /dev/null
select is(private.reencrypt_chunk(10), true, 'then a chunk says that more waits');
select is(
  (select count(*) from private.planted where email like 'v2.%' and email_index like 'v2.%'),
  (select count(*) from (select number from private.planted order by id limit 10) as page
   where number > 1),
  'it has encrypted the rows of its page, in order of the key, and their hashes'
);
select is_empty('select number from wrong', 'in the midst of a pass each row reads as it should');
select throws_ok(
  $$select private.retire_key('encryption', 1)$$,
  'PL083',
  'Version 1 of key encryption can not be retired: private.planted.email holds values of it.',
  'a key that a column still needs stays'
);
select throws_ok(
  $$select private.retire_key('blind_index', 1)$$,
  'PL083',
  'Version 1 of key blind_index can not be retired: private.planted.email_index holds values of '
  'it.',
  'that of a blind index too'
);

select is(pg_temp.steps(10), 4, 'it goes on where it stood');
select is(
  (
    select array_agg(distinct left(email, 3) || left(email_index, 3))
    from private.planted
    where number > 1
  ),
  array['v2.v2.'], 'at the end no value of the old versions is left'
);
select is_empty('select number from wrong', 'and each row reads as before');
select is(
  (select email from private.planted where number = 1), null, 'a row without a value has none still'
);
select is(
  (select done_versions from private.encrypted_columns),
  array[2, 2], 'the column is done'
);

select throws_ok(
  $$select private.retire_key('encryption', 2)$$,
  'PL083', 'Version 2 of key encryption can not be retired: it is active.',
  'the active key stays'
);
select lives_ok($$select private.retire_key('encryption', 1)$$, 'a key that nothing needs can go');
select is_empty(
  $$select purpose from private.keys where purpose = 'encryption' and version = 1
    and secret is not null$$,
  'its secret is gone'
);
select throws_ok(
  $$select private.retire_key('encryption', 1)$$,
  'PL080', 'There is no key encryption of version 1.', 'it can not be retired again'
);
select private.rotate_key('encryption') \g /dev/null
select throws_ok(
  $$select private.retire_key('encryption', 2)$$,
  'PL083',
  'Version 2 of key encryption can not be retired: a transaction that used it still runs.',
  'a key stays while a transaction may not know of its replacement'
);

select pg_temp.time_passes() \g /dev/null
update private.planted set email = 'v1.' || substr(email, 4) where number = 7;
select is(
  pg_temp.outcome('select pg_temp.steps(10)'), '00000', 'a row that does not decrypt stops no other'
);
select results_eq(
  $$
    select failed_keys, done_versions is null or failed_at is not null
    from private.encrypted_columns
    where relation = 'private.planted'::regclass
  $$,
  $$select array[id::text], true from private.planted where number = 7$$,
  'it is named, and the column is not done'
);
select is(
  (select left(email, 3) from private.planted where number = 7), 'v1.', 'nor is it written over'
);
drop table private.planted cascade;
select private.reencrypt_chunk(10) \g /dev/null
select is_empty(
  'select relation from private.encrypted_columns', 'a table that is gone is forgotten'
);

select * from finish();
rollback;
