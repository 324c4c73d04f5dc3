-- API roles read and write rows; they never make objects, pass rights on, or hold a right that
-- works past row-level security (truncate) or on somebody else's rows (references, trigger).
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql
\ir rights.psql

select plan(4);

create temporary view api_roles as
select name from unnest(array['anon', 'authenticated', 'service_role', 'authenticator']) as name;

create temporary view offenders as
select format('%s: create in %s', api_roles.name, schemas.name) as title
from api_roles
cross join (
  select project_schemas.name from project_schemas
  union all
  values ('public'), ('extensions')
) as schemas
where has_schema_privilege(api_roles.name, schemas.name, 'create')
union all
select format('%s: %s on %s', api_roles.name, privilege, relations.title)
from api_roles
cross join unnest(array['truncate', 'references', 'trigger']) as privilege
cross join project_relations as relations
where relations.relkind in ('r', 'p', 'v', 'm', 'f')
  and has_table_privilege(api_roles.name, relations.oid, privilege)
union all
select format('%s: %s on %s with grant option', rights.grantee, rights.privilege, rights.object)
from rights
where rights.is_grantable and rights.grantee in ('PUBLIC', 'anon', 'authenticated', 'service_role')
union all
-- whoever owns an object needs no right
select format('%s: owns %s', relations.relowner::regrole, relations.title)
from project_relations as relations
join api_roles on api_roles.name = relations.relowner::regrole::text
union all
select format('%s: owns %s', functions.proowner::regrole, functions.title)
from project_functions as functions
join api_roles on api_roles.name = functions.proowner::regrole::text;

select is_empty(
  'select title from offenders',
  'no API role may create, truncate, reference, add triggers, pass a right on, or owns anything'
);

select is_empty(
  $$
    select rolname from pg_roles
    where rolname in ('anon', 'authenticated') and (rolsuper or rolbypassrls or rolcreaterole)
  $$,
  'anon and authenticated are held by every policy'
);

select is_empty(
  $$
    select pg_auth_members.roleid::regrole
    from pg_auth_members
    join pg_roles on pg_roles.oid = pg_auth_members.member
    where pg_roles.rolname in ('anon', 'authenticated')
  $$,
  'anon and authenticated inherit from no other role'
);

savepoint planted;
create table directory.planted (id int);
grant create on schema directory to authenticated;
grant truncate on directory.planted to service_role;
grant select on directory.planted to anon with grant option;
create function directory.planted() returns int language sql as 'select 1';
alter function directory.planted() owner to authenticated;
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'anon: select on planted with grant option', 'authenticated: create in directory',
    'authenticated: owns directory.planted()', 'service_role: truncate on directory.planted'
  ],
  'a right to create, to truncate, to pass on, and an object that an API role owns is found'
);

select * from finish();
rollback;
