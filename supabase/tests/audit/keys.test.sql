-- Rows are found by their primary key, whatever its columns and types are.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(5);

create table planted.texts (code text primary key, note int);
create table planted.pairs (part text, id uuid, note int, primary key (id, part));
create table planted.times (at timestamptz primary key, note int);
select audit.enable('planted.texts'), audit.enable('planted.pairs'), audit.enable('planted.times')
  \g /dev/null

insert into planted.texts values (repeat('"', 2000), 1);
update planted.texts set note = 2 where true;
select is(
  array(select char_length(row_key) from pg_temp.logged('planted.texts')), array[2000, 2000],
  'a key may be a text, as long as an index takes'
);

insert into planted.pairs values ('a,b', '00000000-0000-0000-0000-000000000001', 1);
update planted.pairs set note = 2 where true;
select results_eq(
  $$select operation, row_key from pg_temp.logged('planted.pairs')$$,
  $$
    values
      ('INSERT', '(00000000-0000-0000-0000-000000000001,"a,b")'),
      ('UPDATE', '(00000000-0000-0000-0000-000000000001,"a,b")')
  $$,
  'a key of several columns is written as a record, in the order of the key'
);

update planted.texts set code = 'new' where true;
select results_eq(
  $$
    select operation, left(row_key, 3), old_values ->> 'note', new_values ->> 'note'
    from pg_temp.logged('planted.texts')
    offset 2
  $$,
  $$values ('DELETE', '"""', '2', null), ('INSERT', 'new', null, '2')$$,
  'an update of the key is a delete and an insert'
);

select audit.enable('planted.notes') \g /dev/null
insert into planted.notes values (1, 'a'), (2, 'b');
update planted.notes set id = id - 1 where true;
select bag_eq(
  $$
    select operation, row_key, old_values ->> 'body' as was, new_values ->> 'body' as becomes
    from pg_temp.logged('planted.notes')
    offset 2
  $$,
  $$
    values
      ('DELETE', '2', 'b', null),
      ('UPDATE', '1', 'a', 'b'),
      ('INSERT', '0', null, 'a')
  $$,
  'keys that move along leave each key with what happened to it'
);

set local timezone = 'Asia/Tokyo';
insert into planted.times values ('2026-11-21 09:00+00', 1);
set local timezone = 'America/New_York';
set local datestyle = 'German';
update planted.times set note = 2 where true;
select is(
  array(
    select operation from audit.history('planted.times', '{"at": "2026-11-21T09:00:00+00:00"}')
  ),
  array['INSERT', 'UPDATE'],
  'a time as key is one key in each time zone and style'
);

select * from finish();
rollback;
