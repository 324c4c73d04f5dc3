-- The gaps are for the dashboards of operators, and for nobody else.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql
\ir ../private/people.psql

select plan(5);

select audit.enable('planted.notes') \g /dev/null
alter table planted.notes disable trigger notes_audit_insert;
select pg_temp.act_as('service_role');
select is(
  array(select gap from ops.audit_gaps where relation = 'planted.notes'), array['trigger_disabled'],
  'the service role sees a gap'
);
select lives_ok('select * from ops.audit_head()', 'and the head of the seals');
select throws_ok('select 1 from audit.targets', '42501', null, 'and nothing else of the audit');
select pg_temp.act_as('admin');
select throws_ok('select 1 from ops.audit_gaps', '42501', null, 'a user sees no gap');
select throws_ok('select audit.gaps()', '42501', null, 'by no way');

select * from finish();
rollback;
