-- What can not be put under rotation is refused when it is registered, not when a key is rotated.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(11);

create table private.planted (id int primary key, note text, note_index text, number int);
create table private.planted_pair (a int, b int, note text, primary key (a, b));
create table private.planted_plain (note text);

select lives_ok(
  $$select private.register_encrypted_column('private.planted', 'note')$$,
  'a text column of a table with a key can be'
);
select results_eq(
  'select key_column, context from private.encrypted_columns',
  $$values ('id', 'private.planted.note')$$,
  'its rows are encrypted for schema, table and column unless another context is given'
);
select throws_ok(
  $$select private.register_encrypted_column('private.planted', 'number')$$,
  'PL084', 'Column number of private.planted can not be registered.',
  'a column of another type can not'
);
select is(
  pg_temp.outcome($$select private.register_encrypted_column('private.planted', 'gone')$$),
  'PL084', 'one that does not exist can not'
);
select is(
  pg_temp.outcome($$select private.register_encrypted_column('private.planted_pair', 'note')$$),
  'PL084', 'nor one of a table with a key of two columns'
);
select is(
  pg_temp.outcome($$select private.register_encrypted_column('private.planted_plain', 'note')$$),
  'PL084', 'nor one of a table without a key'
);
select is(
  pg_temp.outcome($$
    select private.register_encrypted_column('private.planted', 'note', 'x', 'note_index', 'absent')
  $$),
  'PL084', 'nor with a function that does not exist'
);
select is(
  pg_temp.outcome($$
    select private.register_encrypted_column('private.planted', 'note', 'x', 'note_index', 'length')
  $$),
  'PL084', 'nor with one that returns no text'
);
update private.encrypted_columns set done_versions = array[1, 1] where column_name = 'note';
select private.register_encrypted_column(
  'private.planted', 'note', 'planted.note', 'note_index', 'lower'
) \g /dev/null
select results_eq(
  'select context, index_column, index_function, done_versions from private.encrypted_columns',
  $$values ('planted.note', 'note_index', 'pg_catalog.lower', null::int[])$$,
  'registered again it has changed, and is looked through once more'
);
create table private.planted_times (at timestamptz primary key, note text);
select is(
  pg_temp.outcome($$select private.register_encrypted_column('private.planted_times', 'note')$$),
  'PL084', 'nor one of a table whose key is another text in another time zone'
);
insert into private.planted (id, note)
values (1, private.encrypt_sensitive('text', 'planted.note.1'));
select is(
  pg_temp.outcome($$select private.register_encrypted_column('private.planted', 'note', 'other')$$),
  'PL086', 'a context that its values do not have is refused'
);

select * from finish();
rollback;
