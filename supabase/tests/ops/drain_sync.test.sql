-- While a drain copies, the shadow follows every change of the old default.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir drain.psql

select plan(13);

grant usage on schema planted to authenticated;
grant select, insert, update, delete, truncate on planted.events to authenticated;
select ops.drain_partitions() \g /dev/null
select is(pg_temp.advance('copying'), 'copying', 'the copy has not begun');

set local role authenticated;
insert into planted.events (id, at, note) values (5001, '2020-02-02 00:00+00', 'new');
update planted.events set note = 'changed' where id = 10;
delete from planted.events where id = 11;
reset role;
select is(
  array(select line from pg_temp.differences() as line where line !~ 'note [0-9]+' order by line),
  '{}',
  'what a writer changes who has no right on the shadow is there before the copy'
);

select is(pg_temp.advance('verifying'), 'verifying', 'all is copied');
select is_empty('select pg_temp.differences()', 'a row changed before its copy is copied as it is');

insert into planted.events (id, at, note) values (5002, '2020-02-02 00:00+00', 'new');
select is_empty('select pg_temp.differences()', 'an insert follows');
update planted.events set note = 'changed again' where id between 100 and 200;
select is_empty('select pg_temp.differences()', 'an update follows');
delete from planted.events where id between 150 and 250;
select is_empty('select pg_temp.differences()', 'a delete follows');
update planted.events
set id = id + 10000, at = at + interval '1 month'
where id between 300 and 400;
select is_empty('select pg_temp.differences()', 'a move to another key and month follows');
update planted.events set at = now() where id = 500;
update planted.events set at = '2020-03-03 00:00+00' where id = 500;
select is_empty('select pg_temp.differences()', 'a move to another partition and back follows');
insert into planted.events (id, at, note) values (5003, '2025-02-02 00:00+00', 'new month');
select is_empty('select pg_temp.differences()', 'a row of a month that has no partition follows');

-- fires before the trigger of the drain, so that the later change is seen first
create function planted.amend() returns trigger language plpgsql as $$
begin
  update planted.events set note = 'amended' where id = new.id and note = 'to amend';
  return null;
end;
$$;
create trigger a_amend after insert on planted.events
for each row execute function planted.amend();
insert into planted.events (id, at, note) values (5004, '2020-02-02 00:00+00', 'to amend');
select is(
  array(
    select note
    from planted.events
    where id = 5004 and not exists (select from pg_temp.differences())
  ),
  array['amended'],
  'a row that another trigger changes again is copied as it stands'
);

set local session_replication_role = replica;
update planted.events set note = 'replicated' where id = 1000;
set local session_replication_role = origin;
select is_empty('select pg_temp.differences()', 'a replicated change follows');

truncate planted.events;
select is_empty('select pg_temp.differences()', 'truncate follows');

select * from finish();
rollback;
