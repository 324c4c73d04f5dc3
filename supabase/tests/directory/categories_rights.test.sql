-- The tree is public as far as it is active; only administrators write it, and nobody writes what
-- is derived.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(31);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'),
  ('a7e57000-0000-4000-8000-000000000002'),
  ('a7e57000-0000-4000-8000-000000000003'),
  ('a7e57000-0000-4000-8000-000000000004'),
  ('a7e57000-0000-4000-8000-000000000005');
insert into private.user_roles (user_id, role, expires_at) values
  ('a7e57000-0000-4000-8000-000000000002', 'moderator', null),
  ('a7e57000-0000-4000-8000-000000000003', 'admin', null),
  ('a7e57000-0000-4000-8000-000000000004', 'super_admin', null),
  ('a7e57000-0000-4000-8000-000000000005', 'admin', now() - interval '1 minute');
insert into directory.categories (id, slug, name, active) values
  ('c7e57000-0000-4000-8000-000000000001', 'zqg-shown', 'Zqg Shown', true),
  ('c7e57000-0000-4000-8000-000000000002', 'zqg-hidden', 'Zqg Hidden', false);

set local request.jwt.claims = '{}';
set local role anon;
select results_eq(
  $$ select slug from directory.categories where slug like 'zqg-%' $$,
  $$ values ('zqg-shown') $$,
  'a visitor sees active categories and no hidden one'
);
select throws_ok(
  $$ insert into directory.categories (slug, name) values ('zqg-anon', 'Zqg Anon') $$,
  '42501', null,
  'a visitor can not add a category'
);
select throws_ok(
  $$ update directory.categories set name = 'Zqg Mine' where slug = 'zqg-shown' $$,
  '42501', null,
  'a visitor can not change a category'
);
select throws_ok(
  $$ delete from directory.categories where slug = 'zqg-shown' $$,
  '42501', null,
  'a visitor can not delete a category'
);
select throws_ok(
  $$
    insert into directory_internal.category_count_deltas (category_id, delta)
    values ('c7e57000-0000-4000-8000-000000000001', 1000)
  $$,
  '42501', null,
  'a visitor can not inflate a count'
);
select throws_ok(
  $$ select directory_internal.fold_category_counts() $$,
  '42501', null,
  'a visitor can not run the fold'
);
select throws_ok(
  $$ select directory_internal.lock_category_tree(true) $$,
  '42501', null,
  'a visitor can not hold the lock of the tree'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select results_eq(
  $$ select slug from directory.categories where slug like 'zqg-%' $$,
  $$ values ('zqg-shown') $$,
  'a user sees active categories and no hidden one'
);
select throws_ok(
  $$ insert into directory.categories (slug, name) values ('zqg-user', 'Zqg User') $$,
  '42501', null,
  'a user can not add a category'
);
select is_empty(
  $$
    update directory.categories set name = 'Zqg Mine' where slug = 'zqg-shown' returning id
  $$,
  'an update by a user reaches no category'
);
select is_empty(
  $$ delete from directory.categories where slug = 'zqg-shown' returning id $$,
  'a delete by a user reaches no category'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select is_empty(
  $$
    update directory.categories set name = 'Zqg Mine' where slug = 'zqg-shown' returning id
  $$,
  'an update by a moderator reaches no category'
);
select is_empty(
  $$ select slug from directory.categories where slug = 'zqg-hidden' $$,
  'a moderator does not see hidden categories'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000005"}';
set local role authenticated;
select is_empty(
  $$ select slug from directory.categories where slug = 'zqg-hidden' $$,
  'an administrator whose role has expired does not see hidden categories'
);
select throws_ok(
  $$ insert into directory.categories (slug, name) values ('zqg-late', 'Zqg Late') $$,
  '42501', null,
  'an administrator whose role has expired can not add a category'
);
reset role;
select is(
  (select name from directory.categories where slug = 'zqg-shown'),
  'Zqg Shown',
  'the refused writes changed nothing'
);

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select results_eq(
  $$ select slug from directory.categories where slug like 'zqg-%' order by slug $$,
  $$ values ('zqg-hidden'), ('zqg-shown') $$,
  'an administrator sees hidden categories too'
);
select results_eq(
  $$
    insert into directory.categories (slug, name, parent_id)
    values ('zqg-added', 'Zqg Added', 'c7e57000-0000-4000-8000-000000000001')
    returning level
  $$,
  $$ values (1) $$,
  'an administrator adds a category, and the trigger gives it its place'
);
select results_eq(
  $$ select children_count from directory.categories where slug = 'zqg-shown' $$,
  $$ values (1) $$,
  'a write by an administrator settles the counts of rows around it'
);
select isnt_empty(
  $$
    update directory.categories set name = 'Zqg Renamed', active = false
    where slug = 'zqg-added' returning id
  $$,
  'an administrator changes a category'
);
select isnt_empty(
  $$
    update directory.categories set parent_id = 'c7e57000-0000-4000-8000-000000000002'
    where slug = 'zqg-added' returning id
  $$,
  'an administrator moves a category'
);
select throws_ok(
  $$ update directory.categories set level = 3 where slug = 'zqg-shown' $$,
  '42501', null,
  'not even an administrator writes the level'
);
select throws_ok(
  $$ update directory.categories set path = '{}' where slug = 'zqg-shown' $$,
  '42501', null,
  'not even an administrator writes the path'
);
select throws_ok(
  $$ update directory.categories set business_count = 99 where slug = 'zqg-shown' $$,
  '42501', null,
  'not even an administrator writes the count of businesses'
);
select throws_ok(
  $$ update directory.categories set children_count = 99 where slug = 'zqg-shown' $$,
  '42501', null,
  'not even an administrator writes the count of children'
);
select throws_ok(
  $$
    insert into directory.categories (slug, name, business_count)
    values ('zqg-big', 'Zqg Big', 99)
  $$,
  '42501', null,
  'a new category can not bring a count of its own'
);
select isnt_empty(
  $$ delete from directory.categories where slug = 'zqg-added' returning id $$,
  'an administrator deletes a category'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000004"}';
set local role authenticated;
select is(
  (select count(*) from directory.categories where slug like 'zqg-%'),
  2::bigint,
  'a super administrator sees hidden categories too'
);
select isnt_empty(
  $$ update directory.categories set active = true where slug = 'zqg-hidden' returning id $$,
  'a super administrator changes a category'
);
reset role;

set local request.jwt.claims = '{}';
set local role anon;
select isnt_empty(
  $$ select slug from directory.categories where slug = 'zqg-hidden' $$,
  'a category that becomes active becomes public'
);
reset role;

set local role service_role;
select isnt_empty(
  $$
    update directory.categories set name = 'Zqg By Service' where slug = 'zqg-hidden' returning id
  $$,
  'the service key changes categories'
);
reset role;

select * from finish();
rollback;
