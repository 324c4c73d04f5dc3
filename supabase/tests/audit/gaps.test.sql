-- Threat: a table escapes the audit and nobody notices. Each way is planted and must be reported.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(19);

create table planted.visits (id int primary key) partition by range (id);
create table planted.visits_1 partition of planted.visits default;
create role planted_writer;
select audit.enable('planted.notes', '{secret}'), audit.enable('planted.visits') \g /dev/null
select format('audit.capture_%s', id) as capture
from audit.targets
where relation = 'planted.notes'::regclass \gset

create function pg_temp.gaps()
returns text[]
language sql
as $$
  select array(
    select distinct relation || ' ' || gap
    from ops.audit_gaps
    where relation like 'planted.%' or relation = 'audit.audit_logs'
    order by 1
  )
$$;

select is(pg_temp.gaps(), '{}', 'what is audited as it should be is no gap');

savepoint planted;
drop trigger notes_audit_insert on planted.notes;
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(:'found'::text[], array['planted.notes trigger_missing'], 'a dropped trigger is found');

drop trigger visits_audit_update on planted.visits;
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['planted.visits trigger_missing'],
  'a root that lacks a trigger is found'
);

alter table planted.notes disable trigger notes_audit_delete;
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(:'found'::text[], array['planted.notes trigger_disabled'], 'a disabled trigger is found');

alter table planted.notes enable trigger notes_audit_delete;
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['planted.notes trigger_disabled'],
  'a trigger that session_replication_role switches off is found'
);

create or replace trigger notes_audit_insert after insert on planted.notes
referencing new table as new_rows for each statement when (false)
execute function :capture();
alter table planted.notes enable always trigger notes_audit_insert;
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['planted.notes trigger_missing'],
  'a trigger with a condition does not count'
);

create function planted.does_nothing() returns trigger language plpgsql
as 'begin return null; end';
create or replace trigger notes_audit_insert after insert on planted.notes
referencing new table as new_rows for each statement execute function planted.does_nothing();
alter table planted.notes enable always trigger notes_audit_insert;
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['planted.notes trigger_missing'],
  'a trigger of another function does not count'
);

create or replace function :capture() returns trigger language plpgsql security definer
set search_path = '' as 'begin return null; end';
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['planted.notes capture_stale'],
  'a function that was tampered with is found'
);

alter function :capture() security invoker;
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['planted.notes capture_stale'],
  'a function that runs with the rights of the writer is found'
);

alter function :capture() set search_path = planted;
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['planted.notes capture_stale'],
  'a function that finds names elsewhere is found'
);

create table planted.more_notes () inherits (planted.notes);
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['planted.notes child_not_audited'],
  'a table that inherits and is not audited is found'
);

alter table planted.notes add column added int;
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['planted.notes capture_stale'],
  'a function that is older than its table is found'
);

drop table planted.notes;
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(:'found'::text[], array['planted.notes table_gone'], 'a table that is gone is found');

alter table planted.notes drop constraint notes_pkey;
select audit.refresh() \g /dev/null
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(:'found'::text[], array['planted.notes no_key'], 'a table without its key is found');

alter table planted.notes drop column secret;
select audit.refresh() \g /dev/null
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['planted.notes redacted_column_gone'],
  'a redacted column that is gone is found'
);

create table planted.root (like planted.notes including all) partition by range (id);
alter table planted.root attach partition planted.notes default;
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['planted.notes is_partition'],
  'a table that became a partition, past whose triggers its root writes, is found'
);

grant insert on planted.visits_1 to planted_writer;
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['planted.visits partition_granted'],
  'a right to write a partition past its root is found'
);

drop trigger audit_logs_refuse_change on audit.audit_logs;
select pg_temp.gaps() as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[], array['audit.audit_logs guard_missing'], 'a log without its guard is found'
);

drop table planted.notes;
select format('%s', relation::oid) as gone from audit.targets where title = 'planted.notes' \gset
select audit.disable(:gone::regclass) \g /dev/null
select is(pg_temp.gaps(), '{}', 'a table that is gone is closed by its oid');

select * from finish();
rollback;
