-- Every change of a row is one row of the log: what it was, what it is, and which columns differ.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(7);

select audit.enable('planted.notes') \g /dev/null
insert into planted.notes values (1, 'one', 1.0, 's'), (2, null, null, null);
select results_eq(
  $$select * from pg_temp.logged('planted.notes')$$,
  $$
    values
      ('INSERT', '1', null::text[], null::jsonb,
        '{"id": 1, "body": "one", "amount": 1.0, "secret": "s"}'::jsonb),
      ('INSERT', '2', null, null, '{"id": 2, "body": null, "amount": null, "secret": null}')
  $$,
  'an insert logs each row as a whole'
);

update planted.notes set body = null, amount = amount + 1 where id = 1;
select results_eq(
  $$select * from pg_temp.logged('planted.notes') offset 2$$,
  $$
    values ('UPDATE', '1', '{body,amount}'::text[], '{"body": "one", "amount": 1.0}'::jsonb,
      '{"body": null, "amount": 2.0}'::jsonb)
  $$,
  'an update logs the columns that changed, and a change to null is one'
);

update planted.notes set body = body where true;
update planted.notes set body = 'x' where false;
select is(
  (select count(*)::int from pg_temp.logged('planted.notes')), 3,
  'an update that changes nothing logs nothing'
);

insert into planted.notes values (2, 'two'), (3, 'three')
on conflict (id) do update set body = excluded.body;
select results_eq(
  $$select * from pg_temp.logged('planted.notes') offset 3$$,
  $$
    values
      ('UPDATE', '2', '{body}'::text[], '{"body": null}'::jsonb, '{"body": "two"}'::jsonb),
      ('INSERT', '3', null, null,
        '{"id": 3, "body": "three", "amount": null, "secret": null}')
  $$,
  'an upsert logs what it inserted and what it updated'
);

delete from planted.notes where id = 1;
select results_eq(
  $$select * from pg_temp.logged('planted.notes') offset 5$$,
  $$
    values ('DELETE', '1', null::text[],
      '{"id": 1, "body": null, "amount": 2.0, "secret": "s"}'::jsonb, null::jsonb)
  $$,
  'a delete logs the row as it was, and does not keep it from going'
);
select is((select count(*)::int from planted.notes), 2, 'the deleted row is gone');

truncate planted.notes;
select results_eq(
  $$
    select operation, row_key, old_values ->> 'body'
    from pg_temp.logged('planted.notes')
    offset 6
  $$,
  $$values ('TRUNCATE', '2', 'two'), ('TRUNCATE', '3', 'three')$$,
  'a truncate logs each row that it takes'
);

select * from finish();
rollback;
