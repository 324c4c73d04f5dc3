-- Threat: the audit is switched off for a while, by session_replication_role or by audit.disable().
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(6);

select audit.enable('planted.notes') \g /dev/null
set local session_replication_role = replica;
insert into planted.notes values (1);
set local session_replication_role = origin;
select is(
  (select count(*)::int from pg_temp.logged('planted.notes')), 1,
  'a session that switches triggers off is logged nonetheless'
);

select audit.enable('planted.notes', '{secret}') \g /dev/null
select audit.disable('planted.notes') \g /dev/null
insert into planted.notes values (2);
select is(
  (select count(*)::int from pg_temp.logged('planted.notes')), 1,
  'after disabling nothing is logged'
);
select results_eq(
  $$
    select operation, actor_role, old_values -> 'redact', new_values -> 'redact'
    from audit.audit_logs
    where operation in ('ENABLE', 'DISABLE')
      and target_id = (
        select targets.id from audit.targets where targets.relation = 'planted.notes'::regclass
      )
    order by id
  $$,
  $$
    values
      ('ENABLE', 'postgres', null::jsonb, '[]'::jsonb),
      ('ENABLE', 'postgres', '[]', '["secret"]'),
      ('DISABLE', 'postgres', '["secret"]', null)
  $$,
  'who enabled and disabled it, and how, stands in the log'
);
select is_empty(
  $$select tgname from pg_trigger where tgrelid = 'planted.notes'::regclass$$,
  'disabling leaves no trigger'
);
select throws_ok(
  $$select audit.disable('planted.notes')$$, 'PL063', null,
  'what is not audited can not be disabled'
);
select throws_ok(
  $$select audit.as_of('planted.notes', '{"id": 1}', clock_timestamp())$$, 'PL063', null,
  'the past of a row is not told while changes are missed'
);

select * from finish();
rollback;
