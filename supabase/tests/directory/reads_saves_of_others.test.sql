-- Threat: somebody reads, adds to or takes from what another has saved, by the table or by the
-- RPCs, as a visitor, another user, the owner of the business, a moderator or an administrator.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(24);

insert into auth.users (id)
select ('a7e57000-0000-4000-8000-00000000000' || n)::uuid from generate_series(1, 5) as n;
insert into private.user_roles (user_id, role) values
  ('a7e57000-0000-4000-8000-000000000004', 'moderator'),
  ('a7e57000-0000-4000-8000-000000000005', 'admin');
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zro-one', 'Zro One');
insert into directory.businesses (id, name, city, state, primary_category_id, status, owner_id)
values
  ('b7e57000-0000-4000-8000-000000000001', 'Zro Saved', 'Zrocity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', 'a7e57000-0000-4000-8000-000000000003');
insert into directory.business_saves (user_id, business_id) values
  ('a7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001');

create temporary table thieves (n int, name text) on commit drop;
insert into thieves values
  (2, 'another user'), (3, 'the owner of the business'), (4, 'a moderator'),
  (5, 'an administrator');
grant select on thieves to authenticated;
create function pg_temp.as_user(n int)
returns void
language sql
as $$
  select set_config(
    'request.jwt.claims', format('{"sub": "a7e57000-0000-4000-8000-00000000000%s"}', n), true
  );
$$;
create function pg_temp.attempt(statement text)
returns text
language plpgsql
as $$
declare
  answer text;
begin
  execute statement into answer;
  return coalesce(answer, 'nothing');
exception
  when insufficient_privilege then
    return sqlstate;
end;
$$;
grant execute on function pg_temp.as_user(int), pg_temp.attempt(text) to anon, authenticated;

set local role authenticated;
select is(
  (
    select pg_temp.attempt($$ select user_id::text from directory.business_saves $$)
    from (select pg_temp.as_user(n) offset 0) as signed_in
  ),
  'nothing',
  name || ' reads no save in the table'
)
from thieves;
select is(
  (
    select pg_temp.attempt($$ select businesses::text from directory.list_saved_businesses() $$)
    from (select pg_temp.as_user(n) offset 0) as signed_in
  ),
  '[]',
  name || ' gets a list of their own'
)
from thieves;
select is(
  (
    select pg_temp.attempt(
      $$ select directory.unsave_business('b7e57000-0000-4000-8000-000000000001')::text $$
    )
    from (select pg_temp.as_user(n) offset 0) as signed_in
  ),
  'false',
  name || ' takes out nothing but their own'
)
from thieves;
select is(
  pg_temp.attempt(
    $$
      insert into directory.business_saves (user_id, business_id)
      values ('a7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001')
      returning 'written'
    $$
  ),
  '42501',
  name || ' writes no row for another'
)
from thieves;
select is(
  pg_temp.attempt($$ delete from directory.business_saves where true returning 'gone' $$),
  '42501',
  name || ' deletes no row'
)
from thieves;
reset role;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.attempt('select user_id::text from directory.business_saves'), '42501',
  'a visitor reads no save');
select is(
  pg_temp.attempt(
    $$ select directory.save_business('b7e57000-0000-4000-8000-000000000001')::text $$
  ),
  '42501',
  'a visitor saves nothing'
);
select is(pg_temp.attempt('select businesses::text from directory.list_saved_businesses()'),
  '42501', 'a visitor has no list');
reset role;
select results_eq(
  'select user_id from directory.business_saves where business_id::text like ''b7e57000-%''',
  $$ values ('a7e57000-0000-4000-8000-000000000001'::uuid) $$,
  'in the end there is what was there'
);

select * from finish();
rollback;
