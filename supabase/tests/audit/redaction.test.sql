-- Threat: a password or a token is read in the log.
-- That a redacted column changed is logged; what it held is not.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(12);

select audit.enable('planted.notes', '{secret}') \g /dev/null
insert into planted.notes values (1, 'one', 1, 'hunter2'), (2, 'two', 2, null);
update planted.notes set secret = 'hunter3' where id = 1;
update planted.notes set body = 'x' where id = 1;
select results_eq(
  $$select changed_fields, old_values, new_values from pg_temp.logged('planted.notes') offset 2$$,
  $$
    values
      ('{secret}'::text[], '{"secret": "[redacted]"}'::jsonb, '{"secret": "[redacted]"}'::jsonb),
      ('{body}', '{"body": "one"}', '{"body": "x"}')
  $$,
  'that a redacted column changed is logged, what it held is not'
);
select is(
  (select new_values ->> 'secret' from pg_temp.logged('planted.notes') where row_key = '2'),
  '[redacted]',
  'a redacted null is not told from a value'
);
delete from planted.notes where id = 1;

alter table planted.notes rename column secret to passphrase;
update planted.notes set passphrase = 'hunter4' where true;
insert into planted.notes values (5, 'five', 5, 'hunter6');
delete from planted.notes where id = 5;
select audit.refresh() \g /dev/null
update planted.notes set passphrase = 'hunter5', body = 'seen' where true;
select is(
  array(
    select new_values
    from pg_temp.logged('planted.notes')
    where operation = 'UPDATE' and new_values ? 'passphrase'
  ),
  array['{"passphrase": "[redacted]"}', '{"body": "seen", "passphrase": "[redacted]"}']::jsonb[],
  'a redacted column that was renamed stays redacted, before a refresh and after it'
);
select is(
  array(select gap from ops.audit_gaps where relation = 'planted.notes'),
  array['redacted_column_gone'],
  'the lost name is reported'
);
select is(audit.as_of('planted.notes', '{"id": 2}', clock_timestamp()) ->> 'body', 'seen',
  'a row of the past is read beside it');
-- expand and contract: a new column takes the name
alter table planted.notes add column secret text;
update planted.notes set passphrase = 'hunter7', secret = 'hunter8' where true;
select audit.refresh() \g /dev/null
update planted.notes set passphrase = 'hunter9', secret = 'hunter10' where true;
select is(
  array(
    select new_values
    from pg_temp.logged('planted.notes')
    where operation = 'UPDATE' and new_values ?& '{secret,passphrase}'
  ),
  array_fill('{"secret": "[redacted]", "passphrase": "[redacted]"}'::jsonb, array[2]),
  'nor is it read when another column has taken its name; that one is redacted too'
);
select is(
  array(select gap from ops.audit_gaps where relation = 'planted.notes'),
  array['redacted_column_gone'],
  'and it is still reported'
);
alter table planted.notes drop column secret;
select lives_ok($$select audit.enable('planted.notes')$$, 'enabled anew, it is redacted as before');
select is(
  (select redact from audit.targets where relation = 'planted.notes'::regclass), '{passphrase}',
  'under the name of now'
);
select audit.enable('planted.notes', '{passphrase}') \g /dev/null
select is(
  audit.as_of('planted.notes', '{"id": 2}', clock_timestamp()) ->> 'passphrase', '[redacted]',
  'a row of the past shows that the value is redacted'
);
truncate planted.notes;
select is_empty(
  $$select 1 from audit.audit_logs where audit_logs::text like '%hunter%'$$,
  'no secret has entered the log in any way'
);

select audit.enable('planted.notes') \g /dev/null
select is(
  (select redact from audit.targets where relation = 'planted.notes'::regclass),
  array['passphrase'],
  'enabling the audit anew without a list keeps the redaction'
);

select * from finish();
rollback;
