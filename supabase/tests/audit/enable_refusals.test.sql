-- What can not be audited is refused with the reason.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(9);

create table planted.keyless (id int);
create table planted.root (id int primary key) partition by range (id);
create table planted.leaf partition of planted.root default;
create view planted.looks as select 1 as id;
create materialized view planted.kept as select 1 as id;
create temporary table passing (id int primary key);

select throws_ok(
  format('select audit.enable(%L)', relation), code, message, relation || ' is refused'
)
from (
  values
    ('planted.leaf', 'PL060',
      'planted.leaf can not be audited: it is a partition; the triggers of its root see its rows.'),
    ('planted.looks', 'PL060', 'planted.looks can not be audited: it is no table.'),
    ('planted.kept', 'PL060', 'planted.kept can not be audited: it is no table.'),
    ('pg_temp.passing', 'PL060', null),
    ('audit.targets', 'PL060', 'audit.targets can not be audited: it is a table of the audit.'),
    ('audit.audit_logs', 'PL060',
      'audit.audit_logs can not be audited: it is a table of the audit.'),
    ('planted.keyless', 'PL061', 'planted.keyless can not be audited: it has no primary key.')
) as refused (relation, code, message);
select throws_ok(
  $$select audit.enable('planted.notes', '{id}')$$, 'PL062', null,
  'a column of the key is not redacted, because it would stand in row_key'
);
select throws_ok(
  $$select audit.enable('planted.notes', '{secrte}')$$, 'PL062', null,
  'a misspelt column is not taken for a redacted one'
);

select * from finish();
rollback;
