-- A step that fails ends its drain, whatever is left of it, and keeps no other waiting.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir drain.psql

select plan(5);

select pg_temp.advance('copying') \g /dev/null
select shadow from drain \gset
drop table :shadow;
select is(pg_temp.advance('abandoned'), 'abandoned', 'a drain that has lost its shadow ends');
select is_empty(
  $$select tgrelid::regclass from pg_trigger where tgname like 'drain%'$$, 'its triggers are gone'
);
select isnt(error, null, 'the error is kept') from drain;
select pg_temp.let_pause_pass() \g /dev/null
select is(pg_temp.advance('done'), 'done', 'the next one ends well');

insert into planted.events (id, at) values (5001, '2019-02-02 00:00+00');
select pg_temp.let_pause_pass() \g /dev/null
select pg_temp.advance('copying') \g /dev/null
drop table planted.events;
select is(pg_temp.advance('abandoned'), 'abandoned', 'a drain whose table is dropped ends');

select * from finish();
rollback;
