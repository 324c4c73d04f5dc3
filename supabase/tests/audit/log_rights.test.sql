-- Threat: whoever did something erases or rewrites its trace.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql
\ir ../private/people.psql

select plan(22);

select audit.enable('planted.notes') \g /dev/null
insert into planted.notes values (1);

select throws_ok(statement, 'PL066', null, 'the owner''s slip is refused: ' || statement)
from unnest(array[
  'update audit.audit_logs set actor_id = null where true',
  'delete from audit.audit_logs where true',
  'truncate audit.audit_logs'
]) as statement;

set local session_replication_role = replica;
select throws_ok('delete from audit.audit_logs where true', 'PL066', null,
  'nor do triggers that are off open the log');
set local session_replication_role = origin;

select pg_temp.act_as('anon');
select throws_ok(statement, '42501', null, 'anon may not: ' || statement)
from unnest(array[
  'select 1 from audit.audit_logs',
  'update audit.audit_logs set actor_id = null where true',
  'delete from audit.audit_logs where true',
  'truncate audit.audit_logs',
  'select audit.disable(''planted.notes'')',
  'update audit.seals set digest = null where true'
]) as statement;

select pg_temp.act_as('member');
select throws_ok(statement, '42501', null, 'member may not: ' || statement)
from unnest(array[
  'select 1 from audit.audit_logs',
  'update audit.audit_logs set actor_id = null where true',
  'delete from audit.audit_logs where true',
  'truncate audit.audit_logs',
  'select audit.disable(''planted.notes'')',
  'update audit.seals set digest = null where true'
]) as statement;

select pg_temp.act_as('service_role');
select throws_ok(statement, '42501', null, 'service_role may not: ' || statement)
from unnest(array[
  'select 1 from audit.audit_logs',
  'update audit.audit_logs set actor_id = null where true',
  'delete from audit.audit_logs where true',
  'truncate audit.audit_logs',
  'select audit.disable(''planted.notes'')',
  'update audit.seals set digest = null where true'
]) as statement;

select pg_temp.act_as('operator');

select * from finish();
rollback;
