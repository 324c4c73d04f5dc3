-- Nothing is granted by default: every right in Plinth is written down next to the object it opens.
-- PUBLIC's EXECUTE on functions is a global built-in default, so only the form without `in schema`
-- removes it; hosted Supabase's own defaults for schema public are per schema and go one by one.

alter default privileges revoke execute on functions from public;

alter default privileges in schema public revoke all on tables
  from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions
  from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences
  from anon, authenticated, service_role;

-- A temporary type or table is found before every other, even with an empty search_path, so who may
-- make one could put it in the way of a definer function.
do $$
begin
  execute format('revoke temporary on database %I from public', current_database());
end;
$$;

create schema private;
create schema ops;

comment on schema private is
  'What every schema leans on and no client reaches: roles, error codes, shared trigger functions.';
comment on schema ops is
  'Everything a database administrator uses. Served by the API to the service role only.';

-- Usage alone opens nothing: policies and functions that run as the caller need it to find the few
-- helpers that are granted one by one.
grant usage on schema private to anon, authenticated, service_role, supabase_auth_admin;
grant usage on schema ops to service_role;
