-- The contract of schema ops: exactly these tables, views and functions, and exactly these rights
-- on them. Only the service key reaches the schema.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql
\ir rights.psql

select plan(6);

create temporary view expected_relations as
select *
from (
  values
    ('table', 'settings')
) as listed (kind, name);

create temporary view expected_functions as
select *
from (
  values
    ('define_setting',
      'key text, default_value jsonb, description text, minimum numeric DEFAULT NULL::numeric, '
      'maximum numeric DEFAULT NULL::numeric',
      'void'),
    ('set_setting', 'key text, value jsonb', 'jsonb'),
    ('setting', 'key text', 'jsonb')
) as listed (name, arguments, result);

create temporary view expected_rights as
select *
from (
  values
    ('schema', 'ops', 'service_role', 'usage', null::text[]),
    -- a value is turned; keys, defaults and ranges come with migrations
    ('table', 'settings', 'service_role', 'select', null),
    ('table', 'settings', 'service_role', 'update', '{value}'),
    ('function', 'setting', 'service_role', 'execute', null),
    ('function', 'set_setting', 'service_role', 'execute', null)
) as listed (kind, object, grantee, privilege, columns);

\ir surface.psql
set local surface.schema = 'ops';

select is_empty(
  'select title from unlisted_objects',
  'schema ops holds no table, view, type or function that is not in the contract'
);
select is_empty(
  'select title from missing_objects',
  'every table, view and function of the contract is there, with its arguments and its result'
);
select is_empty(
  'select title from unlisted_rights',
  'nobody holds a right in schema ops that is not in the contract'
);
select is_empty('select title from missing_rights', 'every right of the contract is held');

savepoint planted;
create view ops.planted as select 1 as id;
select array(select title from unlisted_objects) as found \gset
rollback to savepoint planted;
select is(:'found'::text[], array['view planted'], 'a view that is not in the contract is found');

savepoint planted;
grant usage on schema ops to authenticated;
grant execute on function ops.define_setting to service_role;
select array(select title from unlisted_rights order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'function define_setting: execute to service_role', 'schema ops: usage to authenticated'
  ],
  'a right that is not in the contract is found'
);

select * from finish();
rollback;
