-- Threat: a table changes its columns, and from then on writes fail or are no longer logged.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(12);

select audit.enable('planted.notes') \g /dev/null
insert into planted.notes values (1, 'one', 1, 's');

alter table planted.notes add column added int;
update planted.notes set added = 5 where true;
select results_eq(
  $$select changed_fields, old_values, new_values from pg_temp.logged('planted.notes') offset 1$$,
  $$values ('{added}'::text[], '{"added": null}'::jsonb, '{"added": 5}'::jsonb)$$,
  'a new column is logged at once'
);
alter table planted.notes rename column body to content;
update planted.notes set content = 'two' where true;
select is(
  (select new_values from pg_temp.logged('planted.notes') offset 2), '{"content": "two"}',
  'a renamed column is logged by its new name'
);
alter table planted.notes drop column amount;
update planted.notes set content = 'three' where true;
select is(
  (select new_values from pg_temp.logged('planted.notes') offset 3), '{"content": "three"}',
  'a dropped column is missed by nobody'
);
alter table planted.notes alter column added type json using to_json(added);
update planted.notes set added = '{"a": 1}' where true;
select is(
  (select new_values from pg_temp.logged('planted.notes') offset 4), '{"added": {"a": 1}}',
  'a column may change to a type that has no ='
);
alter table planted.notes rename column id to number;
update planted.notes set content = 'four' where true;
select is(
  (select row_key from pg_temp.logged('planted.notes') offset 5), '1',
  'the key may be renamed'
);
alter table planted.notes rename to papers;
update planted.papers set content = 'five' where true;
select is(
  (select new_values from pg_temp.logged('planted.papers') offset 6), '{"content": "five"}',
  'the table may be renamed'
);

select is(
  array(select gap from ops.audit_gaps where relation = 'planted.notes'), array['capture_stale'],
  'until the next refresh the function is reported as older than its table'
);
select audit.refresh() \g /dev/null
select is_empty(
  $$select * from ops.audit_gaps where relation like 'planted.%'$$,
  'a refresh writes the function for the table as it is now'
);
update planted.papers set content = 'six' where true;
delete from planted.papers where true;
select results_eq(
  $$select operation, row_key from pg_temp.logged('planted.papers') offset 7$$,
  $$values ('UPDATE', '1'), ('DELETE', '1')$$,
  'after it everything is logged as before'
);

alter table planted.papers drop constraint notes_pkey;
select audit.refresh() \g /dev/null
insert into planted.papers (number, content) values (7, 'a'), (7, 'a');
update planted.papers set content = 'b' where true;
select bag_eq(
  $$
    select operation, row_key, old_values ->> 'content' as was, new_values ->> 'content' as becomes
    from pg_temp.logged('planted.papers')
    offset 11
  $$,
  $$
    values
      ('DELETE', null, 'a', null), ('DELETE', null, 'a', null),
      ('INSERT', null, null, 'b'), ('INSERT', null, null, 'b')
  $$,
  'a table that has lost its key is logged by whole rows'
);
truncate planted.papers;
select is(
  (select count(*)::int from pg_temp.logged('planted.papers') where operation = 'TRUNCATE'), 2,
  'and so when it is truncated'
);
select is(
  array(select gap from ops.audit_gaps where relation = 'planted.notes'), array['no_key'],
  'the lost key is reported'
);

select * from finish();
rollback;
