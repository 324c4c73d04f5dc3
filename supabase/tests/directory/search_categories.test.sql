-- A category in a search stands for itself and all below it, whether it is the primary category of
-- a business or a further one.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(13);

insert into auth.users (id) values ('a7e57000-0000-4000-8000-000000000001');
insert into private.user_roles (user_id, role)
values ('a7e57000-0000-4000-8000-000000000001', 'admin');
insert into directory.categories (id, parent_id, slug, name, active) values
  ('c7e57000-0000-4000-8000-000000000001', null, 'zcf-top', 'Zcftop', true),
  ('c7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000001', 'zcf-left',
    'Zcfleft', true),
  ('c7e57000-0000-4000-8000-000000000003', 'c7e57000-0000-4000-8000-000000000001', 'zcf-right',
    'Zcfright', true),
  ('c7e57000-0000-4000-8000-000000000004', 'c7e57000-0000-4000-8000-000000000002', 'zcf-leaf',
    'Zcfleaf', true),
  ('c7e57000-0000-4000-8000-000000000005', null, 'zcf-hidden', 'Zcfhidden', false),
  ('c7e57000-0000-4000-8000-000000000006', null, 'zcf-empty', 'Zcfempty', true);
insert into directory.businesses (id, slug, name, city, state, primary_category_id, status) values
  ('b7e57000-0000-4000-8000-000000000001', 'zcf-1', 'Gribnoxal', 'Zcfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'zcf-2', 'Gribnoxal', 'Zcfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000004', 'active'),
  ('b7e57000-0000-4000-8000-000000000003', 'zcf-3', 'Gribnoxal', 'Zcfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000003', 'active'),
  ('b7e57000-0000-4000-8000-000000000004', 'zcf-4', 'Gribnoxal', 'Zcfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000005', 'active'),
  ('b7e57000-0000-4000-8000-000000000005', 'zcf-5', 'Zcfunlike', 'Zcfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000004', 'active');
insert into directory.business_categories (business_id, category_id)
values ('b7e57000-0000-4000-8000-000000000003', 'c7e57000-0000-4000-8000-000000000004');

create function pg_temp.found(category text)
returns text
language sql
as $$
  select string_agg(right(search_businesses.slug, 1), ' ' order by search_businesses.slug)
  from directory.search_businesses(
    search_query => 'gribnoxal',
    category_filter => ('c7e57000-0000-4000-8000-00000000000' || category)::uuid
  );
$$;
grant execute on function pg_temp.found(text) to anon, authenticated;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.found(null), '1 2 3 4', 'a search without a category looks in all of them');
select is(pg_temp.found('1'), '1 2 3', 'a category includes all below it');
select is(pg_temp.found('2'), '2 3', 'a category in the middle includes what is below it alone');
select is(pg_temp.found('4'), '2 3', 'a further category counts like the primary one');
select is(pg_temp.found('3'), '3', 'the primary category still counts beside a further one');
select is(pg_temp.found('6'), null, 'a category without businesses finds nothing');
select throws_ok(
  $$ select pg_temp.found('5') $$,
  'PL123', 'There is no category c7e57000-0000-4000-8000-000000000005.',
  'a hidden category is unknown'
);
select throws_ok(
  $$ select pg_temp.found('9') $$,
  'PL123', 'There is no category c7e57000-0000-4000-8000-000000000009.',
  'a category that does not exist is an error, not an empty answer'
);
select results_eq(
  $$
    select slug, category_id, category_name
    from directory.search_businesses(search_query => 'gribnoxal') order by slug
  $$,
  $$
    values
      ('zcf-1', 'c7e57000-0000-4000-8000-000000000001'::uuid, 'Zcftop'),
      ('zcf-2', 'c7e57000-0000-4000-8000-000000000004', 'Zcfleaf'),
      ('zcf-3', 'c7e57000-0000-4000-8000-000000000003', 'Zcfright'),
      ('zcf-4', 'c7e57000-0000-4000-8000-000000000005', null)
  $$,
  'a result names its primary category; the name of a hidden one is not told'
);
select is(
  (
    select count(*) from directory.search_businesses(
      search_query => 'k#c7e57000-0000-4000-8000-000000000004'
    ) where slug like 'zcf-%'
  ),
  0::bigint,
  'nobody types the mark of a category into the query'
);
reset role;

-- for an administrator, who sees hidden categories, the search is the same
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select throws_ok(
  $$ select pg_temp.found('5') $$,
  'PL123', null,
  'a hidden category is unknown to the search of an administrator too'
);
reset role;

update directory.categories set parent_id = 'c7e57000-0000-4000-8000-000000000003'
where slug = 'zcf-left';
set local role anon;
select is(pg_temp.found('3'), '2 3', 'a branch that moves is found below its new parent');
reset role;
update directory.categories set parent_id = 'c7e57000-0000-4000-8000-000000000006'
where slug = 'zcf-left';
set local role anon;
select is(pg_temp.found('1'), '1 3', 'and no more below its old one');
reset role;

select * from finish();
rollback;
