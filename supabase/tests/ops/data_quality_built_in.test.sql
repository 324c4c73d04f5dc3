-- What every database is checked for: constraints and indexes that are not valid, and foreign keys
-- whose row is gone. Each defect is planted.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(10);

select is((ops.run_data_quality_check('ops.constraints_not_valid')).status, 'passed',
  'all constraints are valid');
select is((ops.run_data_quality_check('ops.indexes_not_valid')).status, 'passed',
  'all indexes are valid');
select is((ops.run_data_quality_check('ops.orphans')).status, 'passed', 'no foreign key is broken');

create table ops.planted_parents (part int, id int, primary key (part, id));
create table ops.planted_children (
  id int primary key,
  parent_part int,
  parent_id int,
  constraint planted_children_parent_fkey foreign key (parent_part, parent_id)
    references ops.planted_parents (part, id) on delete cascade
);
create table ops.planted_parts (id int not null, at timestamptz not null) partition by range (at);
insert into ops.planted_parents values (1, 1), (1, 2), (2, 1);
insert into ops.planted_children values (1, 1, 1), (2, 1, 2), (3, null, 9), (4, 2, 1);

set local session_replication_role = replica;
delete from ops.planted_parents where (part, id) in ((1, 2), (2, 1));
set local session_replication_role = origin;
create extension if not exists citext with schema extensions;
create table ops.planted_names (name citext primary key);
create table ops.planted_calls (id int primary key, name citext references ops.planted_names);
insert into ops.planted_names values ('Ada');
insert into ops.planted_calls values (1, 'ADA');
select lives_ok(
  'select * from ops.orphans()', 'a key of a type whose operators lie in another schema is read'
);
select results_eq(
  $$select child, constraint_name, parent, orphans from ops.orphans()$$,
  $$
    values (
      'ops.planted_children'::regclass, 'planted_children_parent_fkey',
      'ops.planted_parents'::regclass, 2::bigint
    )
  $$,
  'rows whose parent was deleted with triggers off are counted, a key that is null in part is not'
);
select results_eq(
  $$select status, violations from ops.run_data_quality_check('ops.orphans')$$,
  $$values ('failed', 1::bigint)$$,
  'and the check fails'
);

alter table ops.planted_children
  add constraint planted_children_id_check check (id > 1) not valid;
select results_eq(
  $$
    select status, sample #>> '{0,constraint_name}'
    from ops.run_data_quality_check('ops.constraints_not_valid')
  $$,
  $$values ('failed', 'planted_children_id_check')$$,
  'a constraint that is not valid is found'
);

create table ops.planted_part partition of ops.planted_parts
for values from ('2026-01-01') to ('2026-02-01');
create index planted_parts_at_idx on only ops.planted_parts (at);
select results_eq(
  $$
    select status, sample #>> '{0,index}'
    from ops.run_data_quality_check('ops.indexes_not_valid')
  $$,
  $$values ('failed', 'ops.planted_parts_at_idx')$$,
  'an index that is not valid is found'
);

set local role service_role;
select isnt_empty('select name from ops.data_quality_checks', 'the service key reads the checks');
select throws_ok(
  $$insert into ops.data_quality_results (check_name, status, violations, duration_ms)
    values ('ops.orphans', 'passed', 0, 1)$$,
  '42501', null, 'and can not write a result'
);
reset role;

select * from finish();
rollback;
