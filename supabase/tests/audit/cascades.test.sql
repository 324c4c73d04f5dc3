-- Foreign keys that change one row several times in one statement: each change is logged once, with
-- the values before and after it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(5);

create table planted.people (id int primary key);
create table planted.duties (
  id int primary key,
  owner_id int references planted.people on delete set null,
  deputy_id int references planted.people on delete set null,
  audit_place text
);
create table planted.staff (
  id int primary key,
  manager_id int references planted.staff on update cascade
);
insert into planted.people values (1), (2), (3);
insert into planted.duties values (10, 1, 1, 'a'), (11, 2, 1, 'b'), (12, 2, 3, 'c');
insert into planted.staff values (1, null), (2, 1), (3, 2);
select audit.enable('planted.duties') \g /dev/null
select audit.enable('planted.staff') \g /dev/null

delete from planted.people where id in (1, 2);
select results_eq(
  $$
    select row_key, changed_fields, old_values, new_values
    from pg_temp.logged('planted.duties')
    order by row_key, changed_fields
  $$,
  $$
    values
      ('10', '{deputy_id}'::text[], '{"deputy_id": 1}'::jsonb, '{"deputy_id": null}'::jsonb),
      ('10', '{owner_id}', '{"owner_id": 1}', '{"owner_id": null}'),
      ('11', '{deputy_id}', '{"deputy_id": 1}', '{"deputy_id": null}'),
      ('11', '{owner_id}', '{"owner_id": 2}', '{"owner_id": null}'),
      ('12', '{owner_id}', '{"owner_id": 2}', '{"owner_id": null}')
  $$,
  'two foreign keys that one delete sets to null are two changes of the row'
);

select clock_timestamp() as before_all \gset
update planted.staff set id = id + 10 where id in (1, 2, 3);
select results_eq(
  $$
    select operation, row_key, coalesce(new_values, old_values)
    from pg_temp.logged('planted.staff')
    order by row_key::int
  $$,
  $$
    values
      ('DELETE', '1', '{"id": 1, "manager_id": null}'::jsonb),
      ('DELETE', '2', '{"id": 2, "manager_id": 1}'),
      ('DELETE', '3', '{"id": 3, "manager_id": 2}'),
      ('INSERT', '11', '{"id": 11, "manager_id": null}'),
      ('INSERT', '12', '{"id": 12, "manager_id": 11}'),
      ('INSERT', '13', '{"id": 13, "manager_id": 12}')
  $$,
  'keys that change in a table that refers to itself leave each key with what it became'
);
select is(
  audit.as_of('planted.staff', '{"id": 2}', :'before_all'),
  '{"id": 2, "manager_id": 1}'::jsonb,
  'so that the row before is found again'
);

update planted.duties set audit_place = audit_place || 'x' where true;
select results_eq(
  $$
    select row_key, changed_fields, old_values, new_values
    from pg_temp.logged('planted.duties')
    where 'audit_place' = any (changed_fields)
    order by row_key
  $$,
  $$
    values
      ('10', '{audit_place}'::text[], '{"audit_place": "a"}'::jsonb, '{"audit_place": "ax"}'::jsonb),
      ('11', '{audit_place}', '{"audit_place": "b"}', '{"audit_place": "bx"}'),
      ('12', '{audit_place}', '{"audit_place": "c"}', '{"audit_place": "cx"}')
  $$,
  'a column may have the name that pairs the rows'
);

update planted.duties set id = id + 100 where true;
select is(
  (
    select new_values
    from pg_temp.logged('planted.duties')
    where operation = 'INSERT' and row_key = '112'
  ),
  '{"id": 112, "owner_id": null, "deputy_id": 3, "audit_place": "cx"}'::jsonb,
  'even when its key changes'
);

select * from finish();
rollback;
