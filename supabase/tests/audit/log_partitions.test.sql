-- Threat: the month of a change has no partition in the log, and each audited write fails.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(4);

select results_eq(
  $$
    select unit, retention, control from ops.partition_config
    where parent = 'audit.audit_logs'::regclass
  $$,
  $$values ('month', null::interval, 'logged_at')$$,
  'the log has partitions by month, and is kept for ever unless an operator says otherwise'
);
select audit.enable('planted.notes') \g /dev/null
insert into planted.notes values (1);
select isnt(
  (select tableoid::regclass::text from audit.audit_logs order by id desc limit 1),
  'partitions.audit_audit_logs_default', 'a change of today lands in the partition of its month'
);
insert into audit.audit_logs (logged_at, target_id, operation, actor_role, login_role)
values ('2001-01-01', 0, 'INSERT', 'x', 'x');
select is(
  (select tableoid::regclass::text from audit.audit_logs where logged_at < '2002-01-01'),
  'partitions.audit_audit_logs_default', 'a month without a partition is no error'
);
select is_empty(
  $$
    select tree.relid
    from pg_partition_tree('audit.audit_logs') as tree
    join pg_class on pg_class.oid = tree.relid
    where not pg_class.relrowsecurity
  $$,
  'every partition of the log has row-level security'
);

select * from finish();
rollback;
