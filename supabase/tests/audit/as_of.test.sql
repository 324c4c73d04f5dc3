-- A row as it was at a time of the past.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(15);

insert into planted.notes values (1, 'before the audit', 1, 's'), (2, 'b', null, null);
select audit.enable('planted.notes', '{secret}') \g /dev/null
select clock_timestamp() as at_first \gset
update planted.notes set body = 'changed', amount = null where id = 1;
insert into planted.notes values (3, 'new');
select clock_timestamp() as at_second \gset
delete from planted.notes where id = 1;
update planted.notes set id = 4 where id = 2;
select clock_timestamp() as at_third \gset
insert into planted.notes values (1, 'again');

select throws_ok(
  $$select audit.as_of('planted.notes', '{"id": 1}', null)$$, 'PL065', null, 'no time is refused'
);
create extension if not exists citext with schema extensions;
create table planted.names (name citext primary key, note text);
select audit.enable('planted.names') \g /dev/null
insert into planted.names values ('Ada', 'first');
select clock_timestamp() as at_fourth \gset
update planted.names set note = 'second' where name = 'Ada';
select is(
  audit.as_of('planted.names', '{"name": "Ada"}', :'at_fourth'), '{"name": "Ada", "note": "first"}',
  'a key may be of a type whose operators lie in a schema of an extension'
);

select is(
  audit.as_of('planted.notes', '{"id": 1}', :'at_first'),
  '{"id": 1, "body": "before the audit", "amount": 1, "secret": "[redacted]"}',
  'a row that is older than the audit is what it was before its first change'
);
select is(
  audit.as_of('planted.notes', '{"id": 1}', :'at_second'),
  '{"id": 1, "body": "changed", "amount": null, "secret": "[redacted]"}',
  'between two changes it is what the first left, with its nulls'
);
select is(
  audit.as_of('planted.notes', '{"id": 1}', :'at_third'), null,
  'a deleted row is none'
);
select is(
  audit.as_of('planted.notes', '{"id": 1}', clock_timestamp()) ->> 'body', 'again',
  'a row that came again is the new one'
);
select is(audit.as_of('planted.notes', '{"id": 3}', :'at_first'), null, 'a row to come is none');
select is(
  audit.as_of('planted.notes', '{"id": 3}', :'at_second') ->> 'body', 'new',
  'a row that never changed is what it is'
);
select is(
  audit.as_of('planted.notes', '{"id": 2}', :'at_second') ->> 'body', 'b',
  'a row is found by the key that it had'
);
select is(
  audit.as_of('planted.notes', '{"id": 4}', :'at_second'), null,
  'and not by the key that it was to get'
);
select throws_ok(
  $$select audit.as_of('planted.notes', '{"id": 1}', '2026-01-01')$$, 'PL065', null,
  'a time before the audit is refused'
);
truncate planted.notes;
select is(
  audit.as_of('planted.notes', '{"id": 3}', :'at_third') ->> 'body', 'new',
  'a truncated row is known'
);

-- a table whose trigger changes the row once more, after the statement
create table planted.totals (id int primary key, x int);
create function planted.add_hundred() returns trigger language plpgsql as $$
begin
  if new.x < 100 then
    update planted.totals set x = x + 100 where id = new.id;
  end if;
  return null;
end;
$$;
create trigger add_hundred after insert or update on planted.totals
for each row execute function planted.add_hundred();
select audit.enable('planted.totals') \g /dev/null
select clock_timestamp() as at_fifth \gset
insert into planted.totals values (1, 1);
select clock_timestamp() as at_sixth \gset
update planted.totals set x = 2 where id = 1;
select is(
  audit.as_of('planted.totals', '{"id": 1}', :'at_sixth') ->> 'x', '101',
  'what a trigger of the table changed once more is undone in the order of the changes'
);
select is(
  audit.as_of('planted.totals', '{"id": 1}', :'at_fifth'), null, 'down to where there was no row'
);
insert into ops.detached_partitions (
  parent, child, lower_bound, upper_bound, retention_action, detached_at
)
values ('audit.audit_logs', 'partitions.planted', '2026-01-01 00:00:00+00',
  '2100-01-01 00:00:00+00', 'drop', now());
select throws_ok(
  format($$select audit.as_of('planted.notes', '{"id": 1}', %L)$$, :'at_first'), 'PL065', null,
  'a time whose changes have left by retention is refused'
);

select * from finish();
rollback;
