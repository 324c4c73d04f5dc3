-- Further categories of a business: seen with the business, written by who looks after it.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(16);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'),
  ('a7e57000-0000-4000-8000-000000000002'),
  ('a7e57000-0000-4000-8000-000000000003'),
  ('a7e57000-0000-4000-8000-000000000004');
insert into private.user_roles (user_id, role)
values ('a7e57000-0000-4000-8000-000000000003', 'admin');
insert into directory.categories (id, slug, name) values
  ('c7e57000-0000-4000-8000-000000000001', 'zqf-one', 'Zqf One'),
  ('c7e57000-0000-4000-8000-000000000002', 'zqf-two', 'Zqf Two'),
  ('c7e57000-0000-4000-8000-000000000003', 'zqf-three', 'Zqf Three');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id, status)
values
  ('b7e57000-0000-4000-8000-000000000001', 'Zqf Shown', 'Zqfville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'Zqf Hidden', 'Zqfville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'draft');
insert into directory.business_managers (business_id, user_id, role, accepted_at) values
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000004', 'editor', now());
insert into directory.business_categories (business_id, category_id) values
  ('b7e57000-0000-4000-8000-000000000001', 'c7e57000-0000-4000-8000-000000000002'),
  ('b7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000002');

set local request.jwt.claims = '{}';
set local role anon;
select results_eq(
  $$
    select business_id from directory.business_categories
    where category_id = 'c7e57000-0000-4000-8000-000000000002'
  $$,
  $$ values ('b7e57000-0000-4000-8000-000000000001'::uuid) $$,
  'a visitor sees further categories of visible businesses and of no hidden one'
);
select throws_ok(
  $$
    insert into directory.business_categories (business_id, category_id)
    values ('b7e57000-0000-4000-8000-000000000001', 'c7e57000-0000-4000-8000-000000000003')
  $$,
  '42501', null,
  'a visitor can not add a category to a business'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select results_eq(
  $$
    select business_id from directory.business_categories
    where category_id = 'c7e57000-0000-4000-8000-000000000002'
  $$,
  $$ values ('b7e57000-0000-4000-8000-000000000001'::uuid) $$,
  'a stranger sees the same'
);
select throws_ok(
  $$
    insert into directory.business_categories (business_id, category_id)
    values ('b7e57000-0000-4000-8000-000000000001', 'c7e57000-0000-4000-8000-000000000003')
  $$,
  '42501', null,
  'a stranger can not add a category to a business'
);
select is_empty(
  $$
    delete from directory.business_categories
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
    returning category_id
  $$,
  'a delete by a stranger reaches nothing'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select is(
  (
    select count(*) from directory.business_categories
    where category_id = 'c7e57000-0000-4000-8000-000000000002'
  ),
  2::bigint,
  'an owner sees the categories of the own draft too'
);
select isnt_empty(
  $$
    insert into directory.business_categories (business_id, category_id)
    values ('b7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000003')
    returning category_id
  $$,
  'an owner adds a category'
);
select throws_ok(
  $$
    insert into directory.business_categories (business_id, category_id)
    values ('b7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-0000000000ff')
  $$,
  '23503', null,
  'a category that does not exist is refused'
);
select throws_ok(
  $$
    insert into directory.business_categories (business_id, category_id)
    values ('b7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000003')
  $$,
  '23505', null,
  'a category is added once'
);
select isnt_empty(
  $$
    delete from directory.business_categories
    where business_id = 'b7e57000-0000-4000-8000-000000000002'
      and category_id = 'c7e57000-0000-4000-8000-000000000003'
    returning category_id
  $$,
  'an owner takes a category away'
);
select throws_ok(
  $$
    update directory.business_categories set created_at = now()
    where business_id = 'b7e57000-0000-4000-8000-000000000002'
  $$,
  '42501', null,
  'a row is added or taken away, never changed'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000004"}';
set local role authenticated;
select isnt_empty(
  $$
    insert into directory.business_categories (business_id, category_id)
    values ('b7e57000-0000-4000-8000-000000000001', 'c7e57000-0000-4000-8000-000000000003')
    returning category_id
  $$,
  'an editor adds a category to the business in care'
);
select throws_ok(
  $$
    insert into directory.business_categories (business_id, category_id)
    values ('b7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000003')
  $$,
  '42501', null,
  'an editor adds none to another business of the same owner'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select isnt_empty(
  $$
    insert into directory.business_categories (business_id, category_id)
    values ('b7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000003')
    returning category_id
  $$,
  'an administrator adds a category to any business'
);
select isnt_empty(
  $$
    delete from directory.business_categories
    where business_id = 'b7e57000-0000-4000-8000-000000000002'
      and category_id = 'c7e57000-0000-4000-8000-000000000003'
    returning category_id
  $$,
  'an administrator takes a category away from any business'
);
reset role;

select results_eq(
  $$
    select business_id, category_id from directory.business_categories
    where category_id in ('c7e57000-0000-4000-8000-000000000002',
      'c7e57000-0000-4000-8000-000000000003')
    order by business_id, category_id
  $$,
  $$
    values
      ('b7e57000-0000-4000-8000-000000000001'::uuid, 'c7e57000-0000-4000-8000-000000000002'::uuid),
      ('b7e57000-0000-4000-8000-000000000001', 'c7e57000-0000-4000-8000-000000000003'),
      ('b7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000002')
  $$,
  'what is there at the end is what was allowed'
);

select * from finish();
rollback;
